package io.iir.throttle;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What one subject has used. Guarded by its own lock, which is held for less than a microsecond.
 */
final class SubjectState {

  /** The order in which locks are taken. */
  static final Comparator<SubjectState> ORDER =
      Comparator.comparing((SubjectState state) -> state.scope).thenComparing(state -> state.id);

  final Scope scope;
  final String id;
  final ReentrantLock lock = new ReentrantLock();

  /** What its limits were when it was last asked for. */
  Quota quota;

  /** Requests within the last minute; null: they were never limited. Once there, it stays. */
  @Nullable Window requests;

  /** Tokens within the last minute; as {@link #requests}. */
  @Nullable Window tokens;

  /** What was spent in the current period of its budget; null: it never had one. */
  @Nullable Account account;

  int running;
  long usedAt;

  /** Nobody finds it any more: who has it asks for another. */
  boolean dropped;

  SubjectState(Quota quota, long millis) {
    this.scope = quota.subject().scope();
    this.id = quota.subject().id();
    this.quota = quota;
    this.usedAt = millis;
  }

  /** Brings it up to {@code now} and makes it keep what {@code current} limits. */
  void use(Quota current, Moment now) {
    quota = current;
    usedAt = now.millis();
    if (requests == null && current.limits().rpm() > 0) {
      requests = new Window();
    }
    if (tokens == null && current.limits().tpm() > 0) {
      tokens = new Window();
    }
    Budget budget = current.budget();
    if (budget != null && (account == null || account.period != budget.period())) {
      account = Account.unknown(budget.period(), now.wall());
    }
    moveTo(now);
  }

  /** Brings it up to {@code now}. */
  void moveTo(Moment now) {
    if (requests != null) {
      requests.moveTo(now.millis());
    }
    if (tokens != null) {
      tokens.moveTo(now.millis());
    }
    Account last = account;
    if (last != null && !last.covers(now.wall())) {
      account = last.next(now.wall());
    }
  }

  /** Whether nothing is lost without it, if it was not used since {@code millis}. */
  boolean isIdleSince(long millis) {
    return running == 0 && usedAt < millis;
  }

  /**
   * Hands out what was used since that was done last; null: nothing was and nothing runs. It is
   * kept: as long as others do not know, and while they cannot be asked, it counts here.
   */
  @Nullable Used drain() {
    Map<Long, long[]> slots = new TreeMap<>();
    if (requests != null) {
      requests.drain((second, amount) -> slot(slots, second)[0] = amount);
    }
    if (tokens != null) {
      tokens.drain((second, amount) -> slot(slots, second)[1] = amount);
    }
    List<Used.Slot> used =
        slots.entrySet().stream()
            .map(each -> new Used.Slot(each.getKey(), each.getValue()[0], each.getValue()[1]))
            .toList();
    Account current = account;
    long start = current == null ? 0 : current.start;
    long spent = current == null ? 0 : current.drain();
    long reserved = current == null ? 0 : current.reserved;
    return used.isEmpty() && spent == 0 && running == 0 && reserved == 0
        ? null
        : new Used(quota, used, start, spent, reserved, running);
  }

  /** Others know what was spent, and go on spending: from now on they know better. */
  void told() {
    Account current = account;
    if (current != null && running == 0 && current.reserved == 0 && current.isDrained()) {
      account = null;
    }
  }

  private static long[] slot(Map<Long, long[]> slots, long second) {
    return slots.computeIfAbsent(second, each -> new long[2]);
  }
}
