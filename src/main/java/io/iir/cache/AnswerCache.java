package io.iir.cache;

import io.iir.cluster.Announcements;
import io.iir.cluster.Announcements.Topic;
import io.iir.cluster.Replicas;
import io.iir.redis.Redis;
import io.iir.redis.RedisUnavailableException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Complete answers, kept in memory and, where there is one, in the Redis that gateways share. What
 * goes wrong there is as if nothing were there. Thread-safe; never blocks.
 */
public final class AnswerCache implements AutoCloseable {

  private static final long UNKNOWN = -1;

  /** For so long a gateway that was not told may have what was cleared. */
  private static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final MemoryAnswers memory;
  private final @Nullable SharedAnswers shared;
  private final @Nullable SharedStock stock;
  private final Announcements announcements;
  private final Executor blocking;
  private final Flights flights;
  private final AtomicLong local = new AtomicLong();
  private final AtomicLong generation = new AtomicLong(UNKNOWN);
  private volatile long askedNanos = System.nanoTime();
  private final CacheCounts counts = new CacheCounts();

  /**
   * What the cache takes.
   *
   * @param maxBytes how much memory all answers may take
   * @param maxEntries how many there may be in memory
   * @param maxSharedBytes how much of Redis's memory all answers may take
   */
  public record Bounds(long maxBytes, int maxEntries, long maxSharedBytes) {}

  /**
   * A cache within {@code bounds}.
   *
   * @param redis where gateways share answers; null: nowhere
   * @param blocking makes bytes of long answers, and answers of bytes, and clears what others say
   */
  public AnswerCache(
      Bounds bounds,
      @Nullable Redis redis,
      Announcements announcements,
      Replicas replicas,
      Executor blocking,
      Clock clock) {
    this.memory = new MemoryAnswers(bounds.maxBytes(), bounds.maxEntries(), clock);
    this.shared =
        redis == null
            ? null
            : new SharedAnswers(redis, blocking, replicas.self(), bounds.maxSharedBytes());
    this.stock = shared == null ? null : new SharedStock(shared);
    this.announcements = announcements;
    this.blocking = blocking;
    this.flights = new Flights(this, shared, announcements);
    announcements.listen(Topic.CACHE_CLEARED, this::clearedElsewhere);
  }

  /** The answer under {@code key} if it is in memory, else null. */
  public @Nullable CachedAnswer find(String key) {
    return memory.find(key);
  }

  /** Whether there is anywhere to look besides memory. */
  public boolean isShared() {
    return shared != null && shared.isAvailable();
  }

  /** The answer under {@code key} if it is in Redis; done with null in all other cases. */
  public CompletableFuture<@Nullable CachedAnswer> findShared(String key) {
    if (shared == null) {
      return CompletableFuture.completedFuture(null);
    }
    long since = localGeneration();
    long asked = generation();
    return shared
        .find(key)
        .handle((look, failure) -> {
          if (failure != null) {
            return null;
          }
          seen(asked, look.generation());
          CachedAnswer answer = look.answer();
          if (answer != null) {
            remember(key, answer, since);
          }
          return answer;
        });
  }

  /**
   * {@code waiter} wants the answer under {@code key}, which is not in memory: where others want it
   * too, one has it made for all.
   *
   * @return null: it waits, and will be resumed
   */
  public @Nullable Outcome await(String key, Waiter waiter) {
    return flights.join(key, waiter);
  }

  /** {@code waiter} waits no longer; without effect where it has been resumed. */
  public void leave(String key, Waiter waiter) {
    flights.leave(key, waiter);
  }

  /** Where the answer to a request for which nobody waits is to be kept. */
  public Place place(String key) {
    return place(key, null);
  }

  Place place(String key, @Nullable Flight flight) {
    return new Place(key, new Generation(local.get(), generation.get()), flight);
  }

  /** Keeps {@code answer}, and gives it to those who wait for it. */
  public void keep(Place place, CachedAnswer answer) {
    String key = place.key();
    remember(key, answer, place.generation().local());
    place.land(answer);
    if (shared == null || !shared.isAvailable()) {
      return;
    }
    long asked = generation();
    shared
        .store(key, answer, place.generation().shared(), place.owner())
        .whenComplete((stored, failure) -> {
          if (stored != null) {
            seen(asked, stored.generation());
          }
          if (place.isAwaited()) {
            announcements.tell(Topic.ANSWER_ENDED, key);
          }
        });
  }

  /** How often answers were cleared in this process. */
  long localGeneration() {
    return local.get();
  }

  /**
   * Puts {@code answer} into memory, unless answers were cleared since there had been {@code since}
   * clearings. Looked at behind the store: what is cleared between the two is taken back.
   */
  void remember(String key, CachedAnswer answer, long since) {
    memory.store(key, answer);
    if (local.get() != since) {
      memory.drop(key, answer);
    }
  }

  /** How requests fared. */
  public CacheCounts counts() {
    return counts;
  }

  /** How many answers are in memory. */
  public long entries() {
    return memory.entries();
  }

  /** How much memory they take, in bytes. */
  public long bytes() {
    return memory.bytes();
  }

  /** How many were dropped from memory for want of room. */
  public long evictions() {
    return memory.evictions();
  }

  /** How many requests wait now for an answer that is looked for, or made for others. */
  public long waiting() {
    return flights.waiting();
  }

  /** How the cache is. Blocks while Redis is asked. */
  public CacheReport report() {
    return new CacheReport(
        new CacheReport.Stock(memory.entries(), memory.bytes()),
        memory.evictions(),
        counts.inMemory(),
        counts.inRedis(),
        counts.misses(),
        counts.coalesced(),
        waiting(),
        countShared());
  }

  private CacheReport.@Nullable Stock countShared() {
    try {
      return stock == null ? null : stock.count();
    } catch (CompletionException unavailable) {
      return null;
    }
  }

  /**
   * Drops the answers that {@code filter} means, here, in Redis and in the memory of other
   * gateways; those that are being made now will not be kept. Blocks while Redis works.
   *
   * @throws RedisUnavailableException if Redis did not do all of it; this process's memory is
   *     cleared then
   */
  public CacheReport.Cleared clear(CacheFilter filter) {
    long cleared = clearMemory(filter);
    if (shared == null || stock == null) {
      return new CacheReport.Cleared(cleared, null);
    }
    try {
      announce(filter, shared.nextGeneration().join());
      long inRedis = stock.clear(filter);
      // Once more, for what a gateway has read from Redis before it was dropped there.
      announce(filter, shared.nextGeneration().join());
      return new CacheReport.Cleared(cleared, inRedis);
    } catch (CompletionException e) {
      throw new RedisUnavailableException(
          e.getCause() instanceof RedisUnavailableException why
              ? String.valueOf(why.getMessage())
              : "it refused a command");
    }
  }

  private void announce(CacheFilter filter, long next) {
    generation.accumulateAndGet(next, Math::max);
    clearMemory(filter);
    announcements.tell(
        Topic.CACHE_CLEARED, filter.toJson().put(CacheFilter.GENERATION, next).toString());
  }

  private void clearedElsewhere(String text) {
    long now = CacheFilter.generation(text);
    long before = generation.getAndAccumulate(now, Math::max);
    sweep(now > before + 1 ? CacheFilter.ALL : CacheFilter.of(text));
  }

  /** How often answers were cleared in Redis, as far as is known. */
  long generation() {
    return generation.get();
  }

  /**
   * Redis says how often answers were cleared: where this process has missed one, it clears all, as
   * where Redis has lost count. An answer that others have overtaken says nothing new.
   *
   * @param asked what was known when it was asked
   */
  void seen(long asked, long current) {
    if (current < asked) {
      generation.set(current);
      sweep(CacheFilter.ALL);
      return;
    }
    long before = generation.getAndAccumulate(current, Math::max);
    if (before < current && (before != UNKNOWN || memory.entries() > 0)) {
      sweep(CacheFilter.ALL);
    }
  }

  /** Some time has passed: asks, once a second, whether a clearing was missed. */
  void tick(long now) {
    if (shared == null
        || !shared.isAvailable()
        || (generation() != UNKNOWN && now - askedNanos < ASK_NANOS)) {
      return;
    }
    askedNanos = now;
    long asked = generation();
    shared.generation().thenAccept(current -> seen(asked, current));
  }

  /** Clears memory, from a thread that must not be held up: what is being made is not kept. */
  private void sweep(CacheFilter filter) {
    local.incrementAndGet();
    blocking.execute(() -> memory.clear(filter));
  }

  private int clearMemory(CacheFilter filter) {
    local.incrementAndGet();
    return memory.clear(filter);
  }

  @Override
  public void close() {
    flights.close();
  }
}
