package io.iir.throttle.shared;

import java.util.HashMap;
import java.util.Map;

/**
 * What a gateway tells Redis that it has used and holds, for {@code merge.lua}. Used by one thread,
 * then not changed.
 */
final class Batch {

  private static final int PER_WINDOW = 4;
  private static final int PER_BUDGET = 3;
  private static final int PER_HOLDING = 4;
  private static final int PER_GRANT = 6;

  private final Generation generation;
  private final byte[] replica;
  private final long number;
  private final Words keys = new Words(16);
  private final Map<KeyName, Integer> indexes = new HashMap<>();
  private final Words windows = new Words(16);
  private final Words budgets = new Words(4);
  private final Words holdings = new Words(4);
  private final Words grants = new Words(16);

  /** A batch of which Redis takes those with the same {@code number} once in a row. */
  Batch(Generation generation, byte[] replica, long number) {
    this.generation = generation;
    this.replica = replica;
    this.number = number;
    keys.add(Generation.KEY).add(generation.grants).add(Generation.REPLICAS);
  }

  private record KeyName(SharedSubject subject, String kind) {}

  /** So much was used in {@code second}. */
  void window(SharedSubject subject, long second, long requests, long tokens) {
    windows.add(index(subject, "window", subject.windowKey(generation)));
    windows.add(second).add(requests).add(tokens);
  }

  /** So much more was spent in the period that {@code start} begins. */
  void spent(SharedSubject subject, long start, long nanoUsd) {
    budgets.add(budget(subject, start)).add(0).add(nanoUsd);
  }

  /** The ledger says that so much, at least, was spent in that period. */
  void spentInAll(SharedSubject subject, long start, long nanoUsd) {
    budgets.add(budget(subject, start)).add(1).add(nanoUsd);
  }

  /** All that is held without Redis's knowing of it by name. */
  void held(SharedSubject subject, long start, int places, long nanoUsd) {
    holdings.add(index(subject, "held", subject.holdingsKey(generation)));
    holdings.add(budget(subject, start));
    holdings.add(places).add(nanoUsd);
  }

  /** A grant that is held. */
  void grant(Grant grant) {
    for (Holding holding : grant.holdings) {
      SharedSubject subject = holding.subject();
      grants.add(index(subject, "held", subject.holdingsKey(generation)));
      grants.add(budget(subject, holding.span().start()));
      grants.add(grant.name).add(grant.second);
      grants.add(holding.places()).add(holding.reserved());
    }
  }

  private int budget(SharedSubject subject, long start) {
    return index(subject, "spent:" + start, subject.budgetKey(generation, start));
  }

  private int index(SharedSubject subject, String kind, byte[] key) {
    return indexes.computeIfAbsent(
        new KeyName(subject, kind),
        name -> {
          keys.add(key);
          return keys.size() - 3;
        });
  }

  byte[][] keys() {
    return keys.all();
  }

  /** The words to send where it is to be taken unless it was before. */
  byte[][] words() {
    return words(0);
  }

  /** The words to send where it is to be taken only if the gateway is not known. */
  byte[][] wordsIfUnknown() {
    return words(1);
  }

  private byte[][] words(int onlyIfUnknown) {
    Words all = new Words(8 + windows.size() + budgets.size() + holdings.size() + grants.size());
    all.add(generation.nameWord).add(replica).add(number);
    all.add(windows.size() / PER_WINDOW).add(budgets.size() / PER_BUDGET);
    all.add(holdings.size() / PER_HOLDING).add(grants.size() / PER_GRANT);
    all.add(onlyIfUnknown);
    return all.addAll(windows).addAll(budgets).addAll(holdings).addAll(grants).all();
  }
}
