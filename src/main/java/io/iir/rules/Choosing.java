package io.iir.rules;

import io.iir.openai.ApiException;
import io.iir.openai.Operation;
import io.iir.provider.Candidate;
import io.iir.provider.Explanation;
import io.iir.provider.LeftOut;
import io.iir.provider.ModelName;
import io.iir.provider.ModelPattern;
import io.iir.provider.Needs;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.TargetList;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import java.util.List;

/** Finds the models that a {@link Decision} means. Stateless. */
public final class Choosing {

  /** How many tokens an answer is taken to have where its client does not say how many it wants. */
  public static final int USUAL_ANSWER = 256;

  private Choosing() {}

  /** What a request of these {@code facts} needs, whose key may use {@code allowed}. */
  public static Needs needs(Facts facts, List<ModelPattern> allowed) {
    return new Needs(
        Operation.of(facts.text(Fact.OPERATION)),
        facts.number(Fact.PROMPT_TOKENS),
        facts.number(Fact.MAX_TOKENS),
        facts.is(Fact.HAS_TOOLS),
        facts.is(Fact.HAS_IMAGES),
        facts.is(Fact.JSON_MODE),
        facts.number(Fact.DICE),
        allowed);
  }

  /** The models that may be asked, best first, and why the others may not. */
  public static Explanation explain(
      Decision decision, Facts facts, List<ModelPattern> allowed, ProviderDirectory directory) {
    return decision.targets() == null
        ? named(facts, allowed, directory)
        : decision.targets().explain(directory, needs(facts, allowed));
  }

  /** The models that may be asked, best first. */
  public static List<Candidate> choose(
      Decision decision, Facts facts, List<ModelPattern> allowed, ProviderDirectory directory) {
    TargetList targets = decision.targets();
    if (targets != null) {
      return targets.choose(directory, needs(facts, allowed));
    }
    Candidate known =
        isAllowed(decision.text(), allowed) ? directory.candidate(nameIn(facts)) : null;
    return known == null ? named(facts, allowed, directory).chosen() : List.of(known);
  }

  /**
   * Whether rules name, one by one, nothing but models of configured hosted providers that do not
   * have them. Anything else that gives no model is another matter: a local server may be down, or
   * a provider of the network be no longer configured, and what is to stay there stays there.
   */
  public static boolean namesUnknown(
      Decision decision, Facts facts, List<ModelPattern> allowed, ProviderDirectory directory) {
    TargetList targets = decision.targets();
    if (targets == null
        || !targets.isNamesOnly()
        || !targets.names().stream().allMatch(named -> isHosted(named.name(), directory))) {
      return false;
    }
    List<LeftOut> leftOut = explain(decision, facts, allowed, directory).leftOut();
    return !leftOut.isEmpty()
        && leftOut.stream().allMatch(model -> model.cause() == LeftOut.Cause.NOT_ON_OFFER);
  }

  /** The failure of a decision that {@link #namesUnknown}. */
  public static Failure unknown(Decision decision) {
    return new Failure(
        Failure.Cause.UNKNOWN_MODEL, "no model of '%s' exists".formatted(decision.text()));
  }

  private static boolean isHosted(ModelName name, ProviderDirectory directory) {
    Provider known = directory.provider(name.provider());
    return known != null && !known.isLocal() && !known.name().equals(Provider.LOCAL);
  }

  /** The model that the client named is taken as it stands, whatever is known of it. */
  private static Explanation named(
      Facts facts, List<ModelPattern> allowed, ProviderDirectory directory) {
    ModelName name = nameIn(facts);
    if (!isAllowed(name.id(), allowed)) {
      return leftOut(name, LeftOut.Cause.NOT_ALLOWED, "may not be used by the key");
    }
    Candidate known = directory.candidate(name);
    if (known != null) {
      return new Explanation(List.of(known), List.of());
    }
    try {
      Candidate open = Candidate.of(name, directory.resolve(name));
      return new Explanation(List.of(open), List.of());
    } catch (ApiException unknown) {
      return leftOut(name, LeftOut.Cause.NOT_ON_OFFER, unknown.error().message());
    }
  }

  private static ModelName nameIn(Facts facts) {
    return new ModelName(facts.text(Fact.PROVIDER), facts.text(Fact.MODEL));
  }

  private static boolean isAllowed(String id, List<ModelPattern> allowed) {
    for (ModelPattern pattern : allowed) {
      if (pattern.matches(id)) {
        return true;
      }
    }
    return false;
  }

  private static Explanation leftOut(ModelName name, LeftOut.Cause cause, String why) {
    return new Explanation(List.of(), List.of(new LeftOut(name, cause, why)));
  }
}
