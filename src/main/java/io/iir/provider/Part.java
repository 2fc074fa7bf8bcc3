package io.iir.provider;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * A part of a {@link Plan}: models on offer whose order may depend on the request and on what goes
 * on. Immutable.
 */
sealed interface Part {

  Part NOTHING = new Fixed(List.of());

  /** The models, best first; one may be there twice. */
  List<Candidate> order(Needs needs);

  /** All of them, each once, in some order. */
  List<Candidate> all();

  /** This part without the models that do not fit. */
  Part only(Predicate<Candidate> fits);

  /** Models whose order is always the same. */
  record Fixed(List<Candidate> all) implements Part {
    public Fixed {
      all = List.copyOf(new LinkedHashSet<>(all));
    }

    @Override
    public List<Candidate> order(Needs needs) {
      return all;
    }

    @Override
    public Part only(Predicate<Candidate> fits) {
      return new Fixed(all.stream().filter(fits).toList());
    }
  }

  /** The models of several parts, one behind the other. */
  record Joined(List<Part> parts) implements Part {

    /** One fixed part where all are fixed. */
    static Part of(List<Part> parts) {
      return parts.size() == 1
          ? parts.getFirst()
          : parts.stream().allMatch(Fixed.class::isInstance)
              ? new Fixed(parts.stream().flatMap(part -> part.all().stream()).toList())
              : new Joined(List.copyOf(parts));
    }

    @Override
    public List<Candidate> order(Needs needs) {
      List<Candidate> order = new ArrayList<>();
      for (Part part : parts) {
        order.addAll(part.order(needs));
      }
      return order;
    }

    @Override
    public List<Candidate> all() {
      return new Fixed(parts.stream().flatMap(part -> part.all().stream()).toList()).all();
    }

    @Override
    public Part only(Predicate<Candidate> fits) {
      return of(parts.stream().map(part -> part.only(fits)).toList());
    }
  }

  /** The models of a part in another order. */
  record Ranked(Part of, Ranking ranking) implements Part {

    static Part of(Part of, Ranking ranking) {
      return of instanceof Fixed fixed && ranking.isSteady()
          ? new Fixed(ranking.rank(fixed.all(), Needs.NOTHING))
          : new Ranked(of, ranking);
    }

    @Override
    public List<Candidate> order(Needs needs) {
      return ranking.rank(of.order(needs), needs);
    }

    @Override
    public List<Candidate> all() {
      return of.all();
    }

    @Override
    public Part only(Predicate<Candidate> fits) {
      return of(of.only(fits), ranking);
    }
  }

  /**
   * Shares of users: each gets the models of a share first, the others behind them by weight.
   *
   * @param shares those that have models
   */
  record Weighted(List<Share> shares, List<List<Candidate>> orders) implements Part {

    /**
     * A share.
     *
     * @param models what its users get; fixed
     * @param weight how large it is
     */
    record Share(Part models, double weight) {}

    static Part of(List<Share> all) {
      List<Share> shares = all.stream().filter(share -> !share.models().all().isEmpty()).toList();
      List<Share> byWeight =
          shares.stream()
              .sorted(Comparator.comparingDouble((Share share) -> -share.weight()))
              .toList();
      List<List<Candidate>> orders = new ArrayList<>();
      for (Share first : shares) {
        List<Candidate> order = new ArrayList<>(first.models().all());
        byWeight.forEach(share -> order.addAll(share.models().all()));
        orders.add(new Fixed(order).all());
      }
      return shares.isEmpty() ? NOTHING : new Weighted(shares, List.copyOf(orders));
    }

    @Override
    public List<Candidate> order(Needs needs) {
      double sum = 0;
      for (Share share : shares) {
        sum += share.weight();
      }
      double at = needs.dice() * sum / 100;
      int picked = 0;
      for (double end = shares.getFirst().weight();
          at >= end && picked < shares.size() - 1;
          end += shares.get(picked).weight()) {
        picked++;
      }
      return orders.get(picked);
    }

    @Override
    public List<Candidate> all() {
      return orders.getFirst();
    }

    @Override
    public Part only(Predicate<Candidate> fits) {
      return of(
          shares.stream()
              .map(share -> new Share(share.models().only(fits), share.weight()))
              .toList());
    }
  }
}
