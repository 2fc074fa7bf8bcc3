package io.iir.cluster;

import io.iir.redis.Redis;
import io.iir.redis.RedisScript;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The gateways that show signs of life in Redis: once a second each writes the time, by Redis's
 * clock, into the sorted set {@code iir:replicas}. One that has not for ten seconds is gone.
 * Thread-safe.
 */
final class RedisReplicas implements Replicas, AutoCloseable {

  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final Duration GONE = Duration.ofSeconds(10);

  /** How long the start waits to hear of the others. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final byte[] KEY = ascii("iir:replicas");

  /** Those from the future lived before somebody set Redis's clock back. */
  private static final RedisScript BEAT =
      new RedisScript(
          "replica-beat",
          """
          local time = redis.call('TIME')
          local now = time[1] * 1000 + math.floor(time[2] / 1000)
          redis.call('ZADD', KEYS[1], now, ARGV[1])
          redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. (now - ARGV[2]))
          redis.call('ZREMRANGEBYSCORE', KEYS[1], '(' .. (now + ARGV[2]), '+inf')
          return {redis.call('ZCARD', KEYS[1])}
          """);

  private final Redis redis;
  private final String self;
  private final byte[][] keys = {KEY};
  private final byte[][] arguments;
  private final CompletableFuture<Boolean> heard = new CompletableFuture<>();
  private final Thread pulse;
  private volatile int count = 1;
  private volatile long returnedNanos = System.nanoTime() - GONE.toNanos();

  /** The gateway {@code self} and those that it hears of. */
  RedisReplicas(Redis redis, String self) {
    this.redis = redis;
    this.self = self;
    this.arguments = new byte[][] {ascii(self), ascii(Long.toString(GONE.toMillis()))};
    this.pulse = Thread.ofVirtual().name("replica-beat").unstarted(this::live);
  }

  /** Shows a first sign of life, and waits a moment for who else does, unless Redis is away. */
  void start() throws InterruptedException {
    redis.onReturn(this::returned);
    pulse.start();
    try {
      heard.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // Redis is away: there may be others, but nobody is asked to wait for that.
    }
  }

  private void live() {
    try {
      while (true) {
        beat();
        Thread.sleep(heard.isDone() ? PERIOD : PERIOD.dividedBy(20));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is closed
    }
  }

  private void beat() {
    redis
        .run(BEAT, keys, arguments, this::hear)
        .whenComplete((answer, failure) -> {
          if (answer != null) {
            hear(answer);
          } else if (!redis.isAvailable()) {
            heard.complete(false); // it is away: nobody waits for it
          }
        });
  }

  /** The others may not have had the time yet to show themselves in a Redis that is empty. */
  private void returned() {
    returnedNanos = System.nanoTime();
    beat();
  }

  private void hear(List<Object> answer) {
    int now = answer.getFirst() instanceof Long number ? Math.max(1, number.intValue()) : 1;
    boolean mayMiss = System.nanoTime() - returnedNanos < GONE.toNanos();
    count = mayMiss ? Math.max(count, now) : now;
    heard.complete(true);
  }

  @Override
  public String self() {
    return self;
  }

  @Override
  public int count() {
    return count;
  }

  /** It leaves: the others hear that at their next beat. */
  @Override
  public void close() {
    pulse.interrupt();
    redis
        .call(commands -> commands.zrem(KEY, ascii(self)))
        .exceptionally(e -> 0L)
        .join(); // no longer than a call may take
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
