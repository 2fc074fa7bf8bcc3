package io.iir.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells callers by their {@code Authorization} header, from memory. What is remembered counts for a
 * second from when it was last true in the store, so a key revoked elsewhere is refused within
 * that; one changed here is forgotten at once. The version of all keys tells of those in use at
 * once that they are as they were: see {@link #confirm}. A key of which it does not, or that was
 * read a minute ago, is looked up again in the background when it is used and never waits. Where
 * the store does not answer, a key counts for ten minutes from when it was last known to be there,
 * unless it was changed since.
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
  private static final Duration ANEW = Duration.ofMinutes(1);
  private static final Duration KNOWN_WELL = Duration.ofMinutes(10);
  private static final int MOST = 10_000;
  private static final Lookup.Refused REFUSED = new Lookup.Refused();

  private final AdminKey admin;
  private final InstantSource clock;
  private final Ticker ticker;
  private final Cache<KeyHash, Entry> known;
  private final Cache<KeyHash, Boolean> unknown;
  private final AtomicLong generation = new AtomicLong();
  private volatile boolean inUse;

  /** When the store last had each version that it had in the last ten minutes. */
  private final ConcurrentMap<Long, Long> versions = new ConcurrentHashMap<>();

  /** How the store is. */
  public enum Store {
    /** It answers, as far as is known. */
    ANSWERS,
    /** It does not, and keys that are known well do without. */
    AWAY
  }

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

  /**
   * A key as the store had it at {@code since}, when all keys had this {@code version}.
   *
   * @param changed whether it was changed here since then, or revoked
   * @param asked when the store was last asked about it
   */
  private record Entry(ApiKey key, Long version, long since, boolean changed, AtomicLong asked) {

    Entry(ApiKey key, Long version, long since, boolean changed) {
      this(key, version, since, changed, new AtomicLong(since));
    }

    /** Whether the running thread is the one to ask the store about it, if it is {@code due}. */
    boolean isToBeAsked(boolean due, long now) {
      long last = asked.get();
      return (due || now - since >= ANEW.toNanos())
          && now - last >= REFRESH.toNanos()
          && asked.compareAndSet(last, now);
    }
  }

  /** When {@code entry} was last known to be true. */
  private long lastTrue(Entry entry) {
    Long confirmed = versions.get(entry.version());
    return confirmed != null && confirmed - entry.since() > 0 ? confirmed : entry.since();
  }

  /** Whether {@code entry} counts, for this long since it was last known to be true. */
  private boolean counts(Entry entry, Duration time, long now) {
    return !entry.changed() && now - lastTrue(entry) < time.toNanos();
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
    return identify(authorization, Store.ANSWERS);
  }

  /** As the other, given how the {@code store} is. */
  public Lookup identify(@Nullable String authorization, Store store) {
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
    long changes = generation.get();
    long now = ticker.read();
    Entry entry = known.getIfPresent(hash);
    if (!inUse) { // a look that many can share
      inUse = true;
    }
    Duration time = store == Store.AWAY ? KNOWN_WELL : FRESH;
    if (entry != null && counts(entry, time, now)) {
      if (!holds(entry.key())) {
        return REFUSED;
      }
      Lookup.Question refresh =
          entry.isToBeAsked(now - lastTrue(entry) >= REFRESH.toNanos(), now)
              ? new Lookup.Question(hash, changes, now, Lookup.Caller.FAMILIAR)
              : null;
      return new Lookup.Known(entry.key(), refresh);
    }
    if (entry == null && unknown.getIfPresent(hash) != null) {
      return REFUSED;
    }
    return new Lookup.Question(
        hash, changes, now, entry == null ? Lookup.Caller.STRANGER : Lookup.Caller.FAMILIAR);
  }

  /** The key that {@code question} is about, if it counts without the store's answer; else null. */
  public Lookup.@Nullable Known withoutStore(Lookup.Question question) {
    Entry entry = known.getIfPresent(question.hash());
    return entry != null && counts(entry, KNOWN_WELL, ticker.read()) && holds(entry.key())
        ? new Lookup.Known(entry.key(), null)
        : null;
  }

  /**
   * Takes the store's answer to {@code question}.
   *
   * @param stored the key that has the hash and is not revoked; null if there is none
   * @param version the version of all keys when it was read
   */
  public Lookup remember(Lookup.Question question, @Nullable StoredKey stored, long version) {
    if (stored == null || !stored.hash().matches(question.hash())) {
      keep(unknown, question, true);
      known.invalidate(question.hash());
      return REFUSED;
    }
    ApiKey key = stored.key();
    keep(known, question, new Entry(key, version, question.askedNanos(), false));
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
   * Whether a key was asked for since this was asked last, so that it is worth to {@link #confirm}.
   */
  public boolean takeUse() {
    if (!inUse) {
      return false; // nothing is written: a use between the two would be forgotten
    }
    inUse = false;
    return true;
  }

  /** The time to hand to {@link #confirm}, read before the store is asked. */
  public long now() {
    return ticker.read();
  }

  /**
   * Takes the {@code version} that all keys had when the store was asked at {@code asked}, of
   * {@link #now}: keys that were read at it are as they were. Called by one thread at a time.
   *
   * @param version new with each change of any key, and never one that was there before
   */
  public void confirm(long version, long asked) {
    versions.put(version, asked);
    if (versions.size() > 1) {
      versions.values().removeIf(at -> asked - at >= KNOWN_WELL.toNanos());
    }
  }

  /**
   * Forgets what is known of a key but that there is one, and every answer under way: it was
   * created or changed.
   */
  public void forget(KeyHash hash) {
    generation.incrementAndGet();
    known
        .asMap()
        .computeIfPresent(
            hash, (same, entry) -> new Entry(entry.key(), entry.version(), entry.since(), true));
    unknown.invalidate(hash);
  }

  private boolean holds(ApiKey key) {
    return !key.isExpired(clock.instant());
  }
}
