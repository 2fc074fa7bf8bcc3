package io.iir.flow;

import io.iir.feedback.Calibration;
import io.iir.feedback.Pair;
import io.iir.feedback.QualityGate;
import io.iir.provider.Candidate;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Sees to it that the strategy {@code cost-optimized} keeps quality: of the models that the rules
 * chose it holds the first against the strongest. Which that is, the models' quality says, and
 * where it says nothing their price. Thread-safe, never blocks.
 */
@Component
public final class QualityChoice {

  private static final String COST = "cost-optimized";

  private final QualityGate gate;

  /** Chooses by the calibration that {@code gate} knows. */
  public QualityChoice(QualityGate gate) {
    this.gate = gate;
  }

  /** The choice that a request of {@code facts} is between {@code targets}; null: it is none. */
  public @Nullable Pairing of(Facts facts, List<Candidate> targets) {
    if (targets.size() < 2
        || !COST.equals(facts.get(Fact.STRATEGY))
        || !(facts.get(Fact.COMPLEXITY) instanceof Double complexity)) {
      return null;
    }
    Candidate weak = targets.getFirst();
    Candidate strong = weak;
    for (Candidate target : targets) {
      if (target.isStrongerThan(strong)) {
        strong = target;
      }
    }
    if (strong == weak) {
      return null;
    }
    Calibration live = gate.live();
    return new Pairing(
        weak,
        strong,
        complexity,
        live == null ? null : live.of(new Pair(weak.name().id(), strong.name().id())));
  }
}
