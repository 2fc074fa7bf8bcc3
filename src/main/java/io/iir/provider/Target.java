package io.iir.provider;

import java.util.List;

/** One part of a {@link TargetList}. */
sealed interface Target {

  /**
   * One model, whether or not it exists.
   *
   * @param at which, and where it was written
   */
  record Named(NamedAt at) implements Target {}

  /**
   * The models on offer whose id fits.
   *
   * @param pattern {@code *}, or an id's beginning with {@code *} behind it
   */
  record Matching(ModelPattern pattern) implements Target {}

  /**
   * Some of the models of a list, or all in another order, as a selector decides.
   *
   * @param selector decides; not {@link Selector#WEIGHTED}
   * @param items from which models; none: all on offer
   * @param conditions what they must meet, all of them
   */
  record Selected(Selector selector, List<Target> items, List<Condition> conditions)
      implements Target {
    public Selected {
      items = List.copyOf(items);
      conditions = List.copyOf(conditions);
    }
  }

  /**
   * Shares of users.
   *
   * @param shares at least one
   */
  record Weighted(List<Share> shares) implements Target {
    public Weighted {
      shares = List.copyOf(shares);
    }
  }

  /**
   * A part of users.
   *
   * @param item what they get: a name or a pattern
   * @param weight how large the part is, compared with the others; positive
   */
  record Share(Target item, double weight) {}
}
