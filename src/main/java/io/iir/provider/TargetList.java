package io.iir.provider;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;

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

  /**
   * The models it means now, each once. Models that are named are there even if they do not exist;
   * those of sets are on offer and can chat.
   */
  public List<ModelName> expand(ProviderDirectory directory) {
    return directory.expanded(this);
  }

  /**
   * The expansion, worked out; {@link ProviderDirectory} keeps it until what is offered changes.
   */
  List<ModelName> expandNow(ProviderDirectory directory) {
    return List.copyOf(new LinkedHashSet<>(expand(targets, directory)));
  }

  /** The models that are named in it, for a check when rules are loaded. */
  public List<ModelName> named() {
    List<ModelName> names = new ArrayList<>();
    collect(targets, names);
    return List.copyOf(names);
  }

  private static void collect(List<Target> targets, List<ModelName> names) {
    for (Target target : targets) {
      switch (target) {
        case Target.Named named -> names.add(named.name());
        case Target.Matching matching -> {}
        case Target.Selected selected -> collect(selected.arguments(), names);
      }
    }
  }

  private static List<ModelName> expand(List<Target> targets, ProviderDirectory directory) {
    List<ModelName> names = new ArrayList<>();
    for (Target target : targets) {
      switch (target) {
        case Target.Named named -> names.add(named.name());
        case Target.Matching matching ->
            directory.candidates(provider -> true).stream()
                .filter(name -> new ModelPattern(matching.pattern()).matches(name.id()))
                .forEach(names::add);
        case Target.Selected selected ->
            names.addAll(
                selected.selector().pick(expand(selected.arguments(), directory), directory));
      }
    }
    return names;
  }

  @Override
  public String toString() {
    return text;
  }
}
