package io.iir.provider;

/**
 * A model that targets mean and that a request does not get.
 *
 * @param name which
 * @param cause the kind of reason
 * @param reason why, in words that go behind the model's name
 */
public record LeftOut(ModelName name, Cause cause, String reason) {

  /** Kinds of reasons; where several hold, the first is given. */
  public enum Cause {
    /** The key may not use it. */
    NOT_ALLOWED,
    /** There is no such model, or nobody who has it. */
    NOT_ON_OFFER,
    /** A condition of the rule's does not hold. */
    CONDITION,
    /** It cannot take the request. */
    UNFIT,
    /** It failed too often just now. */
    DOWN
  }

  /** {@code a/b is not on offer}. */
  @Override
  public String toString() {
    return name + " " + reason;
  }
}
