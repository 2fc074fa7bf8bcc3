package io.iir.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers by their {@code Authorization} header, from memory. What is remembered counts for a
 * second from when the store was asked, so a key revoked elsewhere is refused within that; one
 * changed here is forgotten at once. A key in steady use is looked up again in the background after
 * half a second and never waits.
 *
 * <p>Of a key that no longer counts it stays known that there was one: see {@link Lookup.Caller}.
 * Keys and what is no key are remembered apart, at most {@value #MOST} each, so that keys which
 * somebody makes up push out nothing but each other.
 *
 * <p>Does not read the store itself: whoever gets a {@link Lookup.Question} puts it to the store
 * and hands the answer to {@link #remember}. Thread-safe, never blocks.
 */
public final class ApiKeys {

  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration REFRESH = Duration.ofMillis(500);
  private static final int MOST = 10_000;
  private static final Lookup.Refused REFUSED = new Lookup.Refused();

  private final AdminKey admin;
  private final InstantSource clock;
  private final Ticker ticker;
  private final Cache<KeyHash, Entry> known;
  private final Cache<KeyHash, Boolean> unknown;
  private final AtomicLong generation = new AtomicLong();

  /** Knows the administrator's key and no other yet. */
  public ApiKeys(AdminKey admin) {
    this(admin, InstantSource.system(), Ticker.systemTicker());
  }

  /** As the other, on clocks of the caller's: {@code clock} for expiry, {@code ticker} for age. */
  public ApiKeys(AdminKey admin, InstantSource clock, Ticker ticker) {
    this.admin = admin;
    this.clock = clock;
    this.ticker = ticker;
    // Caches keep house on the thread that uses them: entries are cheap to drop, and to wake
    // another thread for it costs a caller more than the work.
    this.known = Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();
    this.unknown =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(FRESH)
            .ticker(ticker)
            .executor(Runnable::run)
            .build();
  }

  /** A key as the store had it at {@code since}. */
  private record Entry(ApiKey key, long since, AtomicBoolean refreshing) {

    Entry(ApiKey key, long since) {
      this(key, since, new AtomicBoolean());
    }
  }

  /**
   * Whether {@code authorization}, the header's value, may be a key's: false if {@link #identify}
   * refuses it now and ever, by its form alone.
   */
  public boolean mayIdentify(@Nullable String authorization) {
    BearerToken token = BearerToken.parse(authorization);
    return token != null && (token.hasKeyForm() || admin.matches(token.hash()));
  }

  /** Who sent {@code authorization}, the header's value, as far as memory tells. */
  public Lookup identify(@Nullable String authorization) {
    BearerToken token = BearerToken.parse(authorization);
    if (token == null) {
      return REFUSED;
    }
    KeyHash hash = token.hash();
    if (admin.matches(hash)) {
      return new Lookup.Known(admin.key(), null);
    }
    if (!token.hasKeyForm()) {
      return REFUSED;
    }
    // Before the caches are read: a change between the two makes the question void, not the change.
    long now = generation.get();
    Entry entry = known.getIfPresent(hash);
    if (entry != null && ticker.read() - entry.since() < FRESH.toNanos()) {
      return holds(entry.key())
          ? new Lookup.Known(entry.key(), refresh(hash, entry, now))
          : REFUSED;
    }
    if (entry == null && unknown.getIfPresent(hash) != null) {
      return REFUSED;
    }
    return new Lookup.Question(
        hash, now, ticker.read(), entry == null ? Lookup.Caller.STRANGER : Lookup.Caller.FAMILIAR);
  }

  private Lookup.@Nullable Question refresh(KeyHash hash, Entry entry, long generation) {
    long time = ticker.read();
    boolean due = time - entry.since() >= REFRESH.toNanos();
    return due && entry.refreshing().compareAndSet(false, true)
        ? new Lookup.Question(hash, generation, time, Lookup.Caller.FAMILIAR)
        : null;
  }

  /**
   * Takes the store's answer to {@code question}.
   *
   * @param stored the key that has the hash and is not revoked; null if there is none
   */
  public Lookup remember(Lookup.Question question, @Nullable StoredKey stored) {
    if (stored == null || !stored.hash().matches(question.hash())) {
      keep(unknown, question, true);
      known.invalidate(question.hash());
      return REFUSED;
    }
    ApiKey key = stored.key();
    keep(known, question, new Entry(key, question.askedNanos()));
    return holds(key) ? new Lookup.Known(key, null) : REFUSED;
  }

  /** Keeps the answer unless a key was changed after the question was put. */
  private <V> void keep(Cache<KeyHash, V> cache, Lookup.Question question, V answer) {
    cache
        .asMap()
        .compute(
            question.hash(),
            (hash, old) -> generation.get() == question.generation() ? answer : old);
  }

  /**
   * Forgets what is known of a key but that there is one, and every answer under way: it was
   * created or changed.
   */
  public void forget(KeyHash hash) {
    generation.incrementAndGet();
    long stale = ticker.read() - FRESH.toNanos();
    known.asMap().computeIfPresent(hash, (same, entry) -> new Entry(entry.key(), stale));
    unknown.invalidate(hash);
  }

  private boolean holds(ApiKey key) {
    return !key.isExpired(clock.instant());
  }
}
