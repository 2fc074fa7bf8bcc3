package io.iir.provider;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.iir.openai.Operation;
import io.iir.provider.LeftOut.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The value of the rules' variable {@code targets}: models to try, best first. {@code
 * docs/ROUTING.md} says what each word means.
 *
 * <pre>
 * list      = item { "," item }
 * item      = name | pattern | selector [ "(" argument { "," argument } ")" ]
 *           | "weighted" "(" share { "," share } ")"
 * name      = provider "/" model          that model, whether or not it is on offer
 * pattern   = "*" | provider "/" "*"      models on offer
 * selector  = "local" | "hosted" | "any" | "cheapest" | "best" | "fastest" | "idlest"
 * argument  = item | condition
 * condition = number operator value | [ "!" ] flag
 * share     = ( name | pattern ) ":" weight
 * </pre>
 *
 * A name that holds a space, a comma, a bracket or a quote is written in double quotes. Immutable.
 */
public final class TargetList {

  /**
   * Keeps house on the caller's thread: there is less to drop than another thread costs to wake.
   */
  private static final Cache<String, TargetList> PARSED =
      Caffeine.newBuilder().maximumSize(1000).executor(Runnable::run).build();

  private final String text;
  private final List<Target> targets;
  private final List<NamedAt> names;

  private TargetList(String text) {
    this.text = text;
    TargetParser parser = new TargetParser(text);
    this.targets = List.copyOf(parser.parse());
    this.names = List.copyOf(parser.names());
  }

  /**
   * The list that {@code text} spells.
   *
   * @throws TargetSyntaxException saying at which column what was expected
   */
  public static TargetList parse(String text) {
    return Objects.requireNonNull(PARSED.get(text, TargetList::new));
  }

  /** The models that the text names one by one, in its order; a name may be there twice. */
  public List<NamedAt> names() {
    return names;
  }

  /** Whether it is nothing but models named one by one: no pattern, word or selector. */
  public boolean isNamesOnly() {
    return targets.stream().allMatch(Target.Named.class::isInstance);
  }

  /**
   * The models that may answer a request, best first, each once. Left out are those that its key
   * may not use, that are not on offer, that are known not to be able to take it, and that are
   * down; the latter are there if there are no others.
   */
  public List<Candidate> choose(ProviderDirectory directory, Needs needs) {
    return directory.plan(this, needs).choose(needs);
  }

  /** What {@link #choose} gives, and why it gives no others. */
  public Explanation explain(ProviderDirectory directory, Needs needs) {
    Predicate<ModelName> allowed = ModelPattern.anyOf(needs.allowed());
    Map<ModelName, LeftOut> leftOut = new LinkedHashMap<>();
    for (ModelName name : allNames(directory, needs.operation())) {
      if (!allowed.test(name)) {
        leftOut.put(name, new LeftOut(name, Cause.NOT_ALLOWED, "is not for this key"));
      }
    }
    List<Candidate> chosen =
        new Planner(directory, needs.operation(), allowed, leftOut)
            .plan(targets)
            .explain(needs, leftOut);
    chosen.forEach(model -> leftOut.remove(model.name()));
    List<LeftOut> sorted = new ArrayList<>(leftOut.values());
    sorted.sort(Comparator.comparing(LeftOut::cause));
    return new Explanation(chosen, sorted);
  }

  /** All models that it means for one who may use all. */
  private List<ModelName> allNames(ProviderDirectory directory, Operation operation) {
    Map<ModelName, LeftOut> others = new LinkedHashMap<>();
    Plan plan = new Planner(directory, operation, name -> true, others).plan(targets);
    List<ModelName> all = new ArrayList<>(plan.all().stream().map(Candidate::name).toList());
    all.addAll(others.keySet());
    return all;
  }

  /** What it means for such requests, worked out. */
  Plan plan(ProviderDirectory directory, Needs needs) {
    Predicate<ModelName> allowed = ModelPattern.anyOf(needs.allowed());
    return new Planner(directory, needs.operation(), allowed, new LinkedHashMap<>()).plan(targets);
  }

  @Override
  public String toString() {
    return text;
  }
}
