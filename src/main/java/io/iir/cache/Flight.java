package io.iir.cache;

import io.iir.cache.Outcome.Where;
import io.iir.openai.ApiException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The same request, made by several at the same time: it is looked up in Redis once, led by one of
 * them, or waited for while another gateway has the answer made. Thread-safe: the state is guarded
 * by this object, whoever waits is resumed outside of it.
 */
final class Flight {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long RENEW_NANOS =
      TimeUnit.MILLISECONDS.toNanos(SharedAnswers.LEASE_MILLIS / 3);

  private static final byte[] NOBODY = {};

  private enum Phase {
    LOOKING,
    ELSEWHERE,
    LED,
    OVER
  }

  private final Flights flights;
  private final String key;
  private final @Nullable SharedAnswers shared;
  private final byte[] owner;
  private final Deque<Waiter> waiters = new ArrayDeque<>(0);
  private Phase phase = Phase.LOOKING;
  private boolean leased;
  private boolean wasElsewhere;
  private long touchedNanos;

  /**
   * A flight of those who want the answer under {@code key}.
   *
   * @param shared where it may be; null: nowhere
   * @param number which it is of all in this process
   */
  Flight(Flights flights, String key, @Nullable SharedAnswers shared, long number) {
    this.flights = flights;
    this.key = key;
    this.shared = shared;
    this.owner = shared == null ? NOBODY : shared.owner(number);
  }

  /** Whose lease it is that this flight may have; empty: there is none. */
  byte[] owner() {
    return owner;
  }

  /** The first comes: leads at once where there is nowhere to look, else waits; null: it waits. */
  @Nullable Outcome begin(Waiter first) {
    if (shared == null) {
      synchronized (this) {
        phase = Phase.LED;
      }
      return new Outcome.Miss(flights.place(key, this));
    }
    synchronized (this) {
      waiters.add(first);
    }
    look(shared, true);
    return null;
  }

  /** One more waits; false: the flight has just ended. */
  synchronized boolean join(Waiter waiter) {
    return phase != Phase.OVER && waiters.add(waiter);
  }

  /** One waits no longer. */
  synchronized void leave(Waiter waiter) {
    waiters.remove(waiter);
  }

  /** How many wait. */
  synchronized int waiting() {
    return waiters.size();
  }

  // ---- looking

  private void look(SharedAnswers answers, boolean read) {
    long since = flights.localGeneration();
    long asked = flights.generation();
    answers
        .findOrLease(key, owner, read, this::leasedLate)
        .whenComplete((look, failure) -> {
          if (failure != null) {
            lead();
            return;
          }
          flights.seen(asked, look.generation());
          switch (look.found()) {
            case HIT -> found(answers, look.answer(), since);
            case LEASED -> {
              leased();
              lead();
            }
            case ABSENT -> lead();
            case ELSEWHERE -> elsewhere();
          }
        });
  }

  private synchronized void leased() {
    leased = true;
    touchedNanos = System.nanoTime();
  }

  private void leasedLate() {
    boolean gone;
    synchronized (this) {
      gone = phase == Phase.OVER;
      if (!gone) {
        leased();
      }
    }
    if (gone) {
      flights.ended(key, owner);
    }
  }

  private void elsewhere() {
    synchronized (this) {
      phase = Phase.ELSEWHERE;
      wasElsewhere = true;
      touchedNanos = System.nanoTime();
      if (!waiters.isEmpty()) {
        return;
      }
      phase = Phase.OVER;
    }
    flights.remove(key, this);
  }

  /**
   * Whoever an answer in Redis will do for has it; for the others it is as if it were not there.
   */
  private void found(SharedAnswers answers, @Nullable CachedAnswer answer, long since) {
    List<Waiter> served = new ArrayList<>();
    boolean done;
    boolean made;
    synchronized (this) {
      for (Iterator<Waiter> each = waiters.iterator(); answer != null && each.hasNext(); ) {
        Waiter waiter = each.next();
        if (waiter.takes(answer)) {
          each.remove();
          served.add(waiter);
        }
      }
      done = waiters.isEmpty();
      made = wasElsewhere;
      phase = done ? Phase.OVER : Phase.LOOKING;
    }
    if (answer != null) {
      flights.remember(key, answer, since);
      Outcome outcome =
          made ? new Outcome.Coalesced(answer, Where.REDIS) : new Outcome.Hit(answer, Where.REDIS);
      served.forEach(waiter -> waiter.resume(outcome));
    }
    if (done) {
      flights.remove(key, this);
    } else {
      look(answers, false);
    }
  }

  // ---- leading

  /** The first that waits has the answer made; the flight is over where nobody does. */
  private void lead() {
    Waiter next;
    synchronized (this) {
      next = waiters.poll();
      phase = next == null ? Phase.OVER : Phase.LED;
    }
    if (next == null) {
      flights.remove(key, this);
      flights.ended(key, lease());
    } else {
      next.resume(new Outcome.Miss(flights.place(key, this)));
    }
  }

  void handOver() {
    lead();
  }

  /** The lease is ended by whoever stores the answer. */
  void land(CachedAnswer answer) {
    Outcome outcome = new Outcome.Coalesced(answer, Where.MEMORY);
    end().forEach(waiter -> waiter.resume(outcome));
  }

  void fail(ApiException refusal) {
    Outcome outcome = new Outcome.Failed(refusal);
    end().forEach(waiter -> waiter.resume(outcome));
    flights.ended(key, lease());
  }

  void letGo() {
    flights.notKept(key);
    end().forEach(waiter -> waiter.resume(new Outcome.Miss(flights.place(key, null))));
    flights.ended(key, lease());
  }

  /** Whose lease is to be ended; null: there is none. */
  private synchronized byte @Nullable [] lease() {
    return leased ? owner : null;
  }

  /** The lease ended before its time, and another gateway may have taken it. */
  private synchronized void lost() {
    leased = false;
  }

  /** The answer is there already: whoever it will do for has it, the others go on by themselves. */
  void serve(CachedAnswer answer) {
    end()
        .forEach(waiter ->
            waiter.resume(
                waiter.takes(answer)
                    ? new Outcome.Coalesced(answer, Where.MEMORY)
                    : new Outcome.Miss(flights.place(key, null))));
  }

  private List<Waiter> end() {
    List<Waiter> all;
    synchronized (this) {
      phase = Phase.OVER;
      all = List.copyOf(waiters);
      waiters.clear();
    }
    flights.remove(key, this);
    return all;
  }

  // ---- time

  /** Whoever has the answer made says that it is there, or will not come. */
  void endedElsewhere() {
    if (shared != null && mayLook()) {
      look(shared, true);
    }
  }

  private synchronized boolean mayLook() {
    if (phase != Phase.ELSEWHERE) {
      return false;
    }
    phase = Phase.LOOKING;
    return true;
  }

  /** Some time has passed: looks again, renews the lease, lets go who has waited long enough. */
  void tick(long now) {
    List<Waiter> late = new ArrayList<>(0);
    boolean poll;
    boolean renew;
    synchronized (this) {
      for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
        Waiter waiter = each.next();
        if (now - waiter.deadlineNanos() >= 0) {
          each.remove();
          late.add(waiter);
        }
      }
      poll = phase == Phase.ELSEWHERE && now - touchedNanos >= POLL_NANOS;
      renew = phase == Phase.LED && leased && now - touchedNanos >= RENEW_NANOS;
      touchedNanos = renew ? now : touchedNanos;
    }
    late.forEach(waiter -> waiter.resume(new Outcome.Miss(flights.place(key, null))));
    if (poll) {
      endedElsewhere();
    }
    if (renew && shared != null) {
      shared
          .renew(key, owner)
          .thenAccept(held -> {
            if (!held) {
              lost();
            }
          });
    }
  }
}
