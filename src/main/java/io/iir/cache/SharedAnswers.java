package io.iir.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.iir.redis.Redis;
import io.iir.redis.RedisScript;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Answers in Redis, which all gateways share, and the leases by which one of them at a time has an
 * answer made: {@code iir:cache:<key>}, {@code iir:flight:<key>}, and {@code iir:cache-generation},
 * which counts how often answers were cleared. Thread-safe; never blocks; all futures fail with
 * {@link io.iir.redis.RedisUnavailableException} where Redis gives no answer in time.
 */
final class SharedAnswers {

  /** How long a lease lasts that is not renewed: the time for which a dead gateway holds others. */
  static final long LEASE_MILLIS = 5_000;

  /** A longer answer takes too long to be read or written on an event loop: 64 KiB. */
  private static final int LONG_ANSWER = 64 << 10;

  private static final byte[] NOTHING = {};
  private static final byte[] YES = {'1'};
  private static final byte[] NO = {'0'};

  /** What a look-up came to. */
  enum Found {
    /** The answer is there. */
    HIT,
    /** It is not, and whoever asks may have it made; no other gateway knows. */
    ABSENT,
    /** It is not, and this gateway has the lease: the others wait for it. */
    LEASED,
    /** Another gateway is having it made. */
    ELSEWHERE
  }

  /**
   * A look-up's end.
   *
   * @param answer with {@link Found#HIT}; null with it: what is there cannot be read
   * @param generation how often answers had been cleared
   */
  record Look(Found found, @Nullable CachedAnswer answer, long generation) {}

  /**
   * What became of an answer to be stored.
   *
   * @param kept whether it was
   * @param generation how often answers have been cleared
   */
  record Stored(boolean kept, long generation) {}

  private final Redis redis;
  private final Executor blocking;
  private final String self;
  private final long maxBytes;

  /**
   * Answers in {@code redis}; long ones are read and written by {@code blocking}.
   *
   * @param self this gateway's name, as leases have it
   * @param maxBytes how much of Redis's memory all answers may take
   */
  SharedAnswers(Redis redis, Executor blocking, String self, long maxBytes) {
    this.redis = redis;
    this.blocking = blocking;
    this.self = self;
    this.maxBytes = maxBytes;
  }

  /** Whether it makes sense to ask. */
  boolean isAvailable() {
    return redis.isAvailable();
  }

  /** The name of the {@code number}-th here that has an answer made, as leases have it. */
  byte[] owner(long number) {
    return (self + ':' + number).getBytes(US_ASCII);
  }

  /** Looks for the answer, no more. */
  CompletableFuture<Look> find(String key) {
    return look(key, YES, NOTHING, late -> {});
  }

  /**
   * Looks for the answer and, where it is not there and nobody has it made, takes the lease, in one
   * step. Asked for by an owner that has the lease, it has it still.
   *
   * @param owner who, by {@link #owner}
   * @param read whether an answer that is there will do
   * @param late called if the lease was taken, but too late for the future
   */
  CompletableFuture<Look> findOrLease(String key, byte[] owner, boolean read, Runnable late) {
    return look(
        key,
        read ? YES : NO,
        owner,
        reply -> {
          if (number(reply, 0) == 2) {
            late.run();
          }
        });
  }

  private CompletableFuture<Look> look(
      String key, byte[] read, byte[] owner, Consumer<? super List<Object>> late) {
    byte[][] arguments = {read, owner, text(LEASE_MILLIS)};
    return redis
        .run(CacheScripts.LOOK, keys(key), arguments, late)
        .thenCompose(reply -> {
          byte[] value = reply.size() > 2 && reply.get(2) instanceof byte[] bytes ? bytes : NOTHING;
          long generation = number(reply, 1);
          Found found =
              switch ((int) number(reply, 0)) {
                case 1 -> Found.HIT;
                case 2 -> Found.LEASED;
                case 3 -> Found.ELSEWHERE;
                default -> Found.ABSENT;
              };
          return value.length > LONG_ANSWER
              ? CompletableFuture.supplyAsync(
                  () -> new Look(found, AnswerBytes.read(key, value), generation), blocking)
              : CompletableFuture.completedFuture(
                  new Look(found, AnswerBytes.read(key, value), generation));
        });
  }

  /**
   * Stores {@code answer}, unless answers were cleared since {@code generation}, in one step with
   * the end of a lease.
   *
   * @param owner whose lease; empty: nobody's
   */
  CompletableFuture<Stored> store(String key, CachedAnswer answer, long generation, byte[] owner) {
    return answer.completion().length > LONG_ANSWER
        ? CompletableFuture.supplyAsync(() -> AnswerBytes.write(key, answer), blocking)
            .thenCompose(bytes -> store(key, bytes, answer.ttl(), generation, owner))
        : store(key, AnswerBytes.write(key, answer), answer.ttl(), generation, owner);
  }

  private CompletableFuture<Stored> store(
      String key, byte @Nullable [] bytes, Duration ttl, long generation, byte[] owner) {
    // What has no form for Redis is refused by a generation that never is.
    byte[][] arguments = {
      bytes == null ? NOTHING : text(generation),
      bytes == null ? NOTHING : bytes,
      text(Math.max(1, ttl.toMillis())),
      owner,
      text(maxBytes)
    };
    return redis
        .run(CacheScripts.STORE, allKeys(key), arguments, late -> {})
        .thenApply(reply -> new Stored(number(reply, 0) == 1, number(reply, 1)));
  }

  /** Makes the lease of {@code owner} last from now on; answers whether it has one. */
  CompletableFuture<Boolean> renew(String key, byte[] owner) {
    return run(CacheScripts.RENEW, key, owner, text(LEASE_MILLIS))
        .thenApply(reply -> number(reply, 0) == 1);
  }

  /** Ends the lease of {@code owner}. */
  CompletableFuture<List<Object>> end(String key, byte[] owner) {
    return run(CacheScripts.END, key, owner);
  }

  private CompletableFuture<List<Object>> run(RedisScript script, String key, byte[]... arguments) {
    byte[][] keys = {("iir:flight:" + key).getBytes(US_ASCII)};
    return redis.run(script, keys, arguments, late -> {});
  }

  /** What is there: how many answers and how many bytes, one page after {@code cursor}. */
  CompletableFuture<List<Object>> count(byte[] cursor) {
    return redis.run(CacheScripts.COUNT, new byte[0][], new byte[][] {cursor}, late -> {});
  }

  /** The next cursor, then the Redis key and the beginning of each answer of one page. */
  CompletableFuture<List<Object>> list(byte[] cursor) {
    byte[][] arguments = {cursor, text(AnswerBytes.HEADER - 1)};
    return redis.run(CacheScripts.LIST, new byte[0][], arguments, late -> {});
  }

  CompletableFuture<Long> drop(byte[][] redisKeys) {
    byte[][] keys = new byte[redisKeys.length + 3][];
    keys[0] = CacheScripts.EXPIRIES;
    keys[1] = CacheScripts.SIZES;
    keys[2] = CacheScripts.TOTAL;
    System.arraycopy(redisKeys, 0, keys, 3, redisKeys.length);
    return redis
        .run(CacheScripts.DROP, keys, new byte[0][], late -> {})
        .thenApply(reply -> number(reply, 0));
  }

  /** How often answers were cleared. */
  CompletableFuture<Long> generation() {
    return redis
        .call(commands -> commands.get(CacheScripts.GENERATION))
        .thenApply(value -> value == null ? 0 : number(List.of(value), 0));
  }

  /** From now on what is being made is not stored; answers how often that was so. */
  CompletableFuture<Long> nextGeneration() {
    return redis.call(commands -> commands.incr(CacheScripts.GENERATION));
  }

  private static byte[][] keys(String key) {
    return new byte[][] {
      ("iir:cache:" + key).getBytes(US_ASCII),
      ("iir:flight:" + key).getBytes(US_ASCII),
      CacheScripts.GENERATION
    };
  }

  private static byte[][] allKeys(String key) {
    byte[][] some = keys(key);
    return new byte[][] {
      some[0], some[1], some[2], CacheScripts.EXPIRIES, CacheScripts.SIZES, CacheScripts.TOTAL
    };
  }

  private static byte[] text(long number) {
    return Long.toString(number).getBytes(US_ASCII);
  }

  /** The number at {@code index} of a script's answer, as integer or in characters; else 0. */
  static long number(List<Object> reply, int index) {
    Object value = index < reply.size() ? reply.get(index) : null;
    if (value instanceof Long number) {
      return number;
    }
    if (value instanceof byte[] bytes) {
      try {
        return Long.parseLong(new String(bytes, US_ASCII));
      } catch (NumberFormatException notOurs) {
        return 0;
      }
    }
    return 0;
  }
}
