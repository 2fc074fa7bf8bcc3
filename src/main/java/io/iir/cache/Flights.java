package io.iir.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.iir.cluster.Announcements;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests whose answers are looked for or being made now, those that are the same together: of
 * them one is led to a provider, the others wait for its answer. Thread-safe; never blocks.
 */
final class Flights implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Flights.class);
  private static final long TICK_MILLIS = 100;
  private static final int MOST_NOT_KEPT = 10_000;

  private final ConcurrentMap<String, Flight> all = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AnswerCache cache;
  private final @Nullable SharedAnswers shared;
  private final Announcements announcements;

  /** Answers that were not kept: whoever waited for one would wait in vain again. */
  private final Cache<String, Boolean> notKept =
      Caffeine.newBuilder()
          .maximumSize(MOST_NOT_KEPT)
          .expireAfterWrite(Duration.ofMinutes(1))
          .executor(Runnable::run)
          .build();

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("cache-flights").factory());

  Flights(AnswerCache cache, @Nullable SharedAnswers shared, Announcements announcements) {
    this.cache = cache;
    this.shared = shared;
    this.announcements = announcements;
    announcements.listen(Announcements.Topic.ANSWER_ENDED, this::endedElsewhere);
    clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** {@code waiter} wants the answer under {@code key}; null: it waits, and will be resumed. */
  @Nullable Outcome join(String key, Waiter waiter) {
    if (notKept.getIfPresent(key) != null) {
      return new Outcome.Miss(place(key, null));
    }
    boolean look = shared != null && shared.isAvailable();
    Flight mine = new Flight(this, key, look ? shared : null, numbers.incrementAndGet());
    while (true) {
      Flight other = all.putIfAbsent(key, mine);
      if (other == null) {
        return begin(key, mine, waiter);
      }
      if (other.join(waiter)) {
        return null;
      }
      all.remove(key, other);
    }
  }

  /** Another flight may have ended since memory was asked: its answer is there then. */
  private @Nullable Outcome begin(String key, Flight flight, Waiter first) {
    CachedAnswer found = cache.find(key);
    if (found != null && first.takes(found)) {
      flight.serve(found);
      return new Outcome.Hit(found, Outcome.Where.MEMORY);
    }
    return flight.begin(first);
  }

  /** {@code waiter} waits no longer. */
  void leave(String key, Waiter waiter) {
    Flight flight = all.get(key);
    if (flight != null) {
      flight.leave(waiter);
    }
  }

  /** How many wait now for an answer that is looked for, or made for others. */
  long waiting() {
    return all.values().stream().mapToLong(Flight::waiting).sum();
  }

  private void endedElsewhere(String key) {
    Flight flight = all.get(key);
    if (flight != null) {
      flight.endedElsewhere();
    }
  }

  private void tick() {
    try {
      long now = System.nanoTime();
      cache.tick(now);
      all.values().forEach(flight -> flight.tick(now));
    } catch (RuntimeException e) { // or the clock would stand still for ever
      LOG.error("what was to be done about requests that wait for an answer failed", e);
    }
  }

  // ---- what flights need

  Place place(String key, @Nullable Flight flight) {
    return cache.place(key, flight);
  }

  void remove(String key, Flight flight) {
    all.remove(key, flight);
  }

  long localGeneration() {
    return cache.localGeneration();
  }

  void remember(String key, CachedAnswer answer, long since) {
    cache.remember(key, answer, since);
  }

  long generation() {
    return cache.generation();
  }

  void seen(long asked, long generation) {
    cache.seen(asked, generation);
  }

  void notKept(String key) {
    notKept.put(key, true);
  }

  /** The answer under {@code key} will not come: others need not wait for it. */
  void ended(String key, byte @Nullable [] lease) {
    if (lease != null && shared != null) {
      shared
          .end(key, lease)
          .whenComplete(
              (done, failure) -> announcements.tell(Announcements.Topic.ANSWER_ENDED, key));
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
