package io.iir.usage;

/**
 * What several requests used together; an error is a request whose outcome is neither success nor
 * that its client left.
 */
public record UsageSum(
    long requests,
    long errors,
    long promptTokens,
    long cachedTokens,
    long completionTokens,
    long costNanoUsd) {

  /** What no request used. */
  public static final UsageSum NOTHING = new UsageSum(0, 0, 0, 0, 0, 0);

  static UsageSum of(UsageRow row) {
    boolean fine = row.outcome().equals("success") || row.outcome().equals("client_left");
    return new UsageSum(
        1,
        fine ? 0 : 1,
        row.promptTokens(),
        row.cachedTokens(),
        row.completionTokens(),
        row.costNanoUsd());
  }

  /** Both together. */
  public UsageSum plus(UsageSum other) {
    return new UsageSum(
        requests + other.requests,
        errors + other.errors,
        promptTokens + other.promptTokens,
        cachedTokens + other.cachedTokens,
        completionTokens + other.completionTokens,
        costNanoUsd + other.costNanoUsd);
  }
}
