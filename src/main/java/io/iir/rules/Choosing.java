package io.iir.rules;

import io.iir.provider.Candidate;
import io.iir.provider.Explanation;
import io.iir.provider.ModelName;
import io.iir.provider.ModelPattern;
import io.iir.provider.Needs;
import io.iir.provider.ProviderDirectory;
import java.util.List;

/** Finds the models that a {@link Decision} means. Stateless. */
public final class Choosing {

  /** How many tokens an answer is taken to have where its client does not say how many it wants. */
  public static final int USUAL_ANSWER = 256;

  private Choosing() {}

  /** What a request of these {@code facts} needs, whose key may use {@code allowed}. */
  public static Needs needs(Facts facts, List<ModelPattern> allowed) {
    return new Needs(
        facts.number(Fact.PROMPT_TOKENS),
        facts.number(Fact.MAX_TOKENS),
        facts.is(Fact.HAS_TOOLS),
        facts.is(Fact.HAS_IMAGES),
        facts.is(Fact.JSON_MODE),
        facts.number(Fact.DICE),
        allowed);
  }

  /** The model that the client named. */
  public static ModelName named(Facts facts) {
    return new ModelName(facts.text(Fact.PROVIDER), facts.text(Fact.MODEL));
  }

  /** The models that may be asked, best first, and why the others may not. */
  public static Explanation explain(
      Decision decision, Facts facts, List<ModelPattern> allowed, ProviderDirectory directory) {
    Needs needs = needs(facts, allowed);
    return decision.targets() == null
        ? directory.explainNamed(named(facts), needs)
        : decision.targets().explain(directory, needs);
  }

  /** The models that may be asked, best first. */
  public static List<Candidate> choose(
      Decision decision, Facts facts, List<ModelPattern> allowed, ProviderDirectory directory) {
    return decision.targets() == null
        ? explain(decision, facts, allowed, directory).chosen()
        : decision.targets().choose(directory, needs(facts, allowed));
  }
}
