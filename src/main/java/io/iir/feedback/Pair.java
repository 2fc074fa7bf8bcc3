package io.iir.feedback;

/**
 * Two models between which a request is a choice.
 *
 * @param weak the cheapest one, {@code <provider>/<model>}
 * @param strong the strongest one
 */
public record Pair(String weak, String strong) {

  /** Whether {@code model} is one of them. */
  public boolean has(String model) {
    return model.equals(weak) || model.equals(strong);
  }
}
