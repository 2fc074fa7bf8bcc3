package io.iir.throttle;

/**
 * What one subject may use; 0 means without limit.
 *
 * @param rpm requests a minute
 * @param tpm tokens a minute, prompt and completion together
 * @param concurrency requests at a time
 */
public record Limits(int rpm, int tpm, int concurrency) {

  /** What holds where neither the operator nor a key says otherwise. */
  public static final Limits DEFAULT = new Limits(600, 400_000, 64);

  /** No limit at all. */
  public static final Limits NONE = new Limits(0, 0, 0);

  public Limits {
    if (rpm < 0 || tpm < 0 || concurrency < 0) {
      throw new IllegalArgumentException(
          "limits must be 0 (without limit) or more: rpm %d, tpm %d, concurrency %d"
              .formatted(rpm, tpm, concurrency));
    }
  }
}
