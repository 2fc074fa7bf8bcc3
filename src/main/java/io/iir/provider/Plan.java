package io.iir.provider;

import io.iir.provider.LeftOut.Cause;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * What a {@link TargetList} means for callers with the same rights until what is offered changes,
 * worked out as far as it does not depend on the request. Immutable.
 */
final class Plan {

  /** Up to so many models, looking each up in a list is quicker than making a set. */
  private static final int FEW = 16;

  private final Part part;
  private final boolean repeats;

  Plan(Part part) {
    this.part = part;
    this.repeats = repeats(part);
  }

  /** Whether a model may be there twice. */
  private static boolean repeats(Part part) {
    return part instanceof Part.Joined
        || (part instanceof Part.Ranked ranked && repeats(ranked.of()));
  }

  /** The models that can take the request, best first. */
  List<Candidate> choose(Needs needs) {
    List<Candidate> order = order(needs);
    for (int i = 0; i < order.size(); i++) { // no iterator: this is asked for each request
      if (isLeftOut(order.get(i), needs)) {
        return choose(order, needs);
      }
    }
    return order;
  }

  private static boolean isLeftOut(Candidate model, Needs needs) {
    return Misfit.of(model, needs) != null || model.isDown();
  }

  /** Whether a model is down is a guess, which must not fail a request. */
  private static List<Candidate> choose(List<Candidate> order, Needs needs) {
    List<Candidate> fit = new ArrayList<>(order.size());
    List<Candidate> up = new ArrayList<>(order.size());
    for (Candidate model : order) {
      if (Misfit.of(model, needs) == null) {
        fit.add(model);
        if (!model.isDown()) {
          up.add(model);
        }
      }
    }
    return up.isEmpty() ? fit : up;
  }

  /**
   * As {@link #choose(Needs)}; why a model that is meant is not chosen goes into {@code leftOut}.
   */
  List<Candidate> explain(Needs needs, Map<ModelName, LeftOut> leftOut) {
    List<Candidate> order = order(needs);
    List<Candidate> chosen = choose(order, needs);
    for (Candidate model : order) {
      if (chosen.contains(model)) {
        continue;
      }
      Misfit misfit = Misfit.of(model, needs);
      leftOut.put(
          model.name(),
          misfit != null
              ? new LeftOut(model.name(), Cause.UNFIT, misfit.words(model, needs))
              : new LeftOut(model.name(), Cause.DOWN, down(model)));
    }
    return chosen;
  }

  /** Why it is down; it may have come up since. */
  private static String down(Candidate model) {
    String reason = model.unavailable();
    return reason == null ? "was down" : reason;
  }

  /** All models that it means, each once. */
  List<Candidate> all() {
    return part.all();
  }

  private List<Candidate> order(Needs needs) {
    List<Candidate> order = part.order(needs);
    if (!repeats) {
      return order;
    }
    if (order.size() > FEW) {
      return new ArrayList<>(new LinkedHashSet<>(order));
    }
    List<Candidate> once = new ArrayList<>(order.size());
    for (Candidate model : order) {
      if (!once.contains(model)) {
        once.add(model);
      }
    }
    return once;
  }
}
