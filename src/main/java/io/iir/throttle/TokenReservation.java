package io.iir.throttle;

/**
 * How many tokens a request takes in advance from its limit a minute: all of its prompt and the
 * most that its completion may use. A pure function.
 */
public final class TokenReservation {

  /** Taken for a completion whose request does not say how long it may be, in tokens. */
  public static final int DEFAULT_COMPLETION = 512;

  private TokenReservation() {}

  /**
   * The tokens to reserve, at least 1. Where the prompt fits within {@code tpm}, the completion's
   * part is cut so that the whole fits too: a generous {@code max_tokens} alone never refuses a
   * request.
   *
   * @param promptTokens the prompt's length, 0 or more
   * @param maxTokens the most tokens a completion may have; -1 if the request does not say
   * @param n how many completions, 1 or more
   * @param tpm the limit a minute; 0 for none
   */
  public static long of(long promptTokens, long maxTokens, int n, int tpm) {
    long one = maxTokens < 0 ? DEFAULT_COMPLETION : maxTokens;
    long sum = promptTokens + multiply(one, Math.max(1, n));
    return within(sum < 0 ? Long.MAX_VALUE : Math.max(1, sum), promptTokens, tpm);
  }

  /**
   * {@code tokens}, which a prompt is part of, cut to {@code tpm} where the prompt fits into it.
   */
  public static long within(long tokens, long promptTokens, int tpm) {
    return tpm > 0 && promptTokens <= tpm ? Math.min(tokens, tpm) : tokens;
  }

  private static long multiply(long a, long b) {
    return Math.multiplyHigh(a, b) != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
  }
}
