package io.iir.throttle;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The states of all subjects. One that was not used for an hour is dropped, and never while one of
 * its requests runs: each new one looks at a few old ones, so they do not pile up. Thread-safe.
 */
final class SubjectStates {

  private static final long IDLE_MILLIS = 3_600_000;
  private static final int LOOKED_AT = 4;

  private final Map<Scope, ConcurrentMap<String, SubjectState>> byScope =
      new EnumMap<>(Scope.class);
  private final ReentrantLock sweeping = new ReentrantLock();
  private Iterator<SubjectState> sweep = Collections.emptyIterator();

  SubjectStates() {
    for (Scope scope : Scope.values()) {
      byScope.put(scope, new ConcurrentHashMap<>());
    }
  }

  @Nullable SubjectState find(Subject subject) {
    return of(subject.scope()).get(subject.id());
  }

  /** The state of the quota's subject; it may have been dropped when it is locked: ask again. */
  SubjectState get(Quota quota, long millis) {
    SubjectState known = find(quota.subject());
    if (known != null) {
      return known;
    }
    sweep(millis);
    return of(quota.subject().scope())
        .computeIfAbsent(quota.subject().id(), id -> new SubjectState(quota, millis));
  }

  List<SubjectState> all() {
    List<SubjectState> all = new ArrayList<>();
    byScope.values().forEach(states -> all.addAll(states.values()));
    return all;
  }

  private void sweep(long millis) {
    if (!sweeping.tryLock()) {
      return;
    }
    try {
      for (int i = 0; i < LOOKED_AT; i++) {
        if (!sweep.hasNext()) {
          sweep = all().iterator();
        }
        if (sweep.hasNext()) {
          dropIfIdle(sweep.next(), millis);
        }
      }
    } finally {
      sweeping.unlock();
    }
  }

  private void dropIfIdle(SubjectState state, long millis) {
    if (state.lock.tryLock()) {
      try {
        if (state.isIdleSince(millis - IDLE_MILLIS)) {
          state.dropped = true;
          of(state.scope).remove(state.id, state);
        }
      } finally {
        state.lock.unlock();
      }
    }
  }

  private ConcurrentMap<String, SubjectState> of(Scope scope) {
    return Objects.requireNonNull(byScope.get(scope));
  }
}
