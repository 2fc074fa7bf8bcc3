package io.iir.provider;

import io.iir.config.Protocol;
import io.iir.openai.Operation;
import io.iir.provider.LeftOut.Cause;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Works a {@link Plan} out. For one use, by one thread. */
final class Planner {

  private final ProviderDirectory directory;
  private final Operation operation;
  private final Predicate<ModelName> allowed;
  private final Map<ModelName, LeftOut> leftOut;
  private final Map<Resolved, Candidate> known = new HashMap<>();
  private final Set<Candidate> named = new HashSet<>();
  private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

  /**
   * A planner of models for {@code operation}, for a caller who may use what is {@code allowed};
   * what is named or asked about, but is not on offer or does not meet a condition, goes into
   * {@code leftOut}.
   */
  Planner(
      ProviderDirectory directory,
      Operation operation,
      Predicate<ModelName> allowed,
      Map<ModelName, LeftOut> leftOut) {
    this.directory = directory;
    this.operation = operation;
    this.allowed = allowed;
    this.leftOut = leftOut;
  }

  Plan plan(List<Target> targets) {
    return new Plan(joined(targets));
  }

  private Part joined(List<Target> targets) {
    return Part.Joined.of(targets.stream().map(this::part).toList());
  }

  private Part part(Target target) {
    return switch (target) {
      case Target.Named named -> named(named.at().name());
      case Target.Matching matching -> currentFirst(matching(matching.pattern()));
      case Target.Selected selected -> currentFirst(selected(selected));
      case Target.Weighted weighted ->
          Part.Weighted.of(
              weighted.shares().stream()
                  .map(share -> new Part.Weighted.Share(part(share.item()), share.weight()))
                  .toList());
    };
  }

  private Part named(ModelName name) {
    if (!allowed.test(name)) {
      return Part.NOTHING;
    }
    Candidate model = directory.candidate(name);
    if (model == null) {
      leaveOut(
          name,
          Cause.NOT_ON_OFFER,
          directory.provider(name.provider()) == null
              ? "is not on offer: provider '%s' is not configured".formatted(name.provider())
              : "is not on offer");
      return Part.NOTHING;
    }
    Candidate one = once(model);
    named.add(one);
    return new Part.Fixed(List.of(one));
  }

  private Part matching(ModelPattern pattern) {
    List<Candidate> all = new ArrayList<>();
    for (ModelName name : directory.candidates(provider -> true, operation)) {
      Candidate model =
          pattern.matches(name.id()) && allowed.test(name) ? directory.candidate(name) : null;
      if (model != null) {
        all.add(once(model));
      }
    }
    return new Part.Fixed(all);
  }

  private Part selected(Target.Selected selected) {
    boolean open = selected.items().isEmpty();
    Part from = open ? real(matching(ModelPattern.ALL)) : joined(selected.items());
    for (Condition condition : selected.conditions()) {
      from = only(from, condition);
    }
    return switch (selected.selector()) {
      case LOCAL -> from.only(Flag.LOCAL::of);
      case HOSTED -> from.only(Flag.HOSTED::of);
      case ANY, WEIGHTED -> real(from);
      case CHEAPEST -> Part.Ranked.of(from, Ranking.PRICE);
      case BEST -> Part.Ranked.of(from, Ranking.QUALITY);
      case FASTEST -> Part.Ranked.of(from, Ranking.SPEED);
      case IDLEST -> Part.Ranked.of(from, Ranking.IDLENESS);
    };
  }

  private Part only(Part from, Condition condition) {
    for (Candidate model : from.all()) {
      if (!condition.met(model)) {
        leaveOut(model.name(), Cause.CONDITION, condition.unmet(model));
      }
    }
    return from.only(condition::met);
  }

  /** Without the simulator, unless there is nothing else. */
  private static Part real(Part from) {
    boolean any = from.all().stream().anyMatch(Planner::isReal);
    return any ? from.only(Planner::isReal) : from;
  }

  /** What is deprecated comes last, unless it is named. */
  private Part currentFirst(Part from) {
    boolean all = from.all().stream().allMatch(this::isCurrent);
    return all
        ? from
        : Part.Joined.of(
            List.of(from.only(this::isCurrent), from.only(model -> !isCurrent(model))));
  }

  private boolean isCurrent(Candidate model) {
    return named.contains(model) || !model.isDeprecated(today);
  }

  private static boolean isReal(Candidate model) {
    return model.resolved().provider().protocol() != Protocol.SIM;
  }

  /** A model under two names is one model, by the name that comes first. */
  private Candidate once(Candidate model) {
    Candidate before = known.putIfAbsent(model.resolved(), model);
    return before == null ? model : before;
  }

  private void leaveOut(ModelName name, Cause cause, String reason) {
    leftOut.putIfAbsent(name, new LeftOut(name, cause, reason));
  }
}
