package io.iir.provider;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * The value of the rules' variable {@code targets}: models to try, best first.
 *
 * <pre>
 * list     = item { "," item }
 * item     = selector [ "(" list ")" ]    selector = "local" | "hosted" | "any"
 *          | "*"                          all models on offer
 *          | provider "/" "*"             all models on offer of a provider
 *          | provider "/" model           that model
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

  private TargetList(String text, List<Target> targets) {
    this.text = text;
    this.targets = List.copyOf(targets);
  }

  /**
   * The list that {@code text} spells.
   *
   * @throws IllegalArgumentException saying at which column what was expected
   */
  public static TargetList parse(String text) {
    return Objects.requireNonNull(
        PARSED.get(text, key -> new TargetList(key, new TargetParser(key).parse())));
  }

  /** {@link #expand(ProviderDirectory, List)} for a caller who may use all models. */
  public List<ModelName> expand(ProviderDirectory directory) {
    return expand(directory, List.of(ModelPattern.ALL));
  }

  /**
   * The models it means now of those that one of the patterns {@code allowed} means, each once.
   * Models that are named are there even if they do not exist; those of sets are on offer and can
   * chat. A set is of allowed models only: {@code any} has the simulator if no other is allowed.
   */
  public List<ModelName> expand(ProviderDirectory directory, List<ModelPattern> allowed) {
    return directory.expanded(this, allowed);
  }

  /**
   * The expansion, worked out; {@link ProviderDirectory} keeps it until what is offered changes.
   */
  List<ModelName> expandNow(ProviderDirectory directory, List<ModelPattern> allowed) {
    Predicate<ModelName> fits =
        name -> allowed.stream().anyMatch(pattern -> pattern.matches(name.id()));
    return List.copyOf(new LinkedHashSet<>(expand(targets, directory, fits)));
  }

  private static List<ModelName> expand(
      List<Target> targets, ProviderDirectory directory, Predicate<ModelName> allowed) {
    List<ModelName> names = new ArrayList<>();
    for (Target target : targets) {
      switch (target) {
        case Target.Named named -> {
          if (allowed.test(named.name())) {
            names.add(named.name());
          }
        }
        case Target.Matching matching ->
            directory.candidates(provider -> true).stream()
                .filter(name -> new ModelPattern(matching.pattern()).matches(name.id()))
                .filter(allowed)
                .forEach(names::add);
        case Target.Selected selected ->
            names.addAll(
                selected
                    .selector()
                    .pick(expand(selected.arguments(), directory, allowed), directory));
      }
    }
    return names;
  }

  @Override
  public String toString() {
    return text;
  }
}
