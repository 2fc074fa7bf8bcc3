package io.iir.rules;

import io.iir.provider.ModelPattern;
import io.iir.rules.language.Facts;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was known of a request and what the rules decided: enough to decide it once more, nothing of
 * what it said. Immutable but for its end, which is noted once.
 */
public final class DecisionRecord {

  private final Instant at;
  private final String requestId;
  private final Facts facts;
  private final List<ModelPattern> allowed;
  private final Decision decision;
  private volatile @Nullable Ending ending;

  /**
   * How the request ended.
   *
   * @param model the model that answered, {@code <provider>/<model>}; null if none did
   * @param promptTokens tokens of the prompt, as the provider counts
   * @param completionTokens tokens of the answer, as the provider counts
   */
  public record Ending(@Nullable String model, long promptTokens, long completionTokens) {}

  /**
   * A decision.
   *
   * @param at when
   * @param requestId for which request
   * @param facts what was known of it
   * @param allowed the models that its key may use
   * @param decision what was decided
   */
  public DecisionRecord(
      Instant at, String requestId, Facts facts, List<ModelPattern> allowed, Decision decision) {
    this.at = at;
    this.requestId = requestId;
    this.facts = facts;
    this.allowed = allowed;
    this.decision = decision;
  }

  /** When it was decided. */
  public Instant at() {
    return at;
  }

  /** The request's id. */
  public String requestId() {
    return requestId;
  }

  /** What was known. */
  public Facts facts() {
    return facts;
  }

  /** The models that the request's key may use. */
  public List<ModelPattern> allowed() {
    return allowed;
  }

  /** What was decided. */
  public Decision decision() {
    return decision;
  }

  /** How the request ended; null as long as it has not. */
  public @Nullable Ending ending() {
    return ending;
  }

  /** The request has ended so. */
  public void end(Ending how) {
    ending = how;
  }
}
