package io.iir.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.util.Timeout;
import io.netty.util.TimerTask;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A call under way; it ends with its answer or its time, whichever comes first. Thread-safe. */
final class RedisCall<T> extends CompletableFuture<T> implements TimerTask {

  private static final Logger LOG = LoggerFactory.getLogger(RedisCall.class);

  private final LettuceRedis redis;
  private final Consumer<? super T> late;
  private final int epoch;
  private final long start = System.nanoTime();
  private volatile @Nullable Timeout timer;
  private volatile @Nullable StatefulRedisConnection<byte[], byte[]> connection;

  /** A call that is begun in {@code epoch}; {@code late} is told of an answer after its time. */
  RedisCall(LettuceRedis redis, Consumer<? super T> late, int epoch) {
    this.redis = redis;
    this.late = late;
    this.epoch = epoch;
  }

  int epoch() {
    return epoch;
  }

  long start() {
    return start;
  }

  /** What it was sent over; null: it was not. */
  @Nullable StatefulRedisConnection<byte[], byte[]> connection() {
    return connection;
  }

  void over(StatefulRedisConnection<byte[], byte[]> connection) {
    this.connection = connection;
  }

  void endsBy(Timeout timer) {
    this.timer = timer;
  }

  /** Its time is over. */
  @Override
  public void run(Timeout timeout) {
    if (completeExceptionally(redis.tooLate())) {
      redis.timedOut(this);
    }
  }

  /** It was answered. */
  void answered(T answer) {
    stopTimer();
    if (complete(answer)) {
      redis.succeeded(this);
      return;
    }
    try {
      late.accept(answer);
    } catch (RuntimeException e) {
      LOG.error("what was to be done about a late answer of Redis failed", e);
    }
  }

  /** It failed. */
  void failed(Throwable failure) {
    stopTimer();
    RedisFault fault = RedisFault.of(failure);
    redis.judge(this, fault); // first: whoever hears of it may ask at once whether Redis is there
    boolean isUnknown = fault.kind() == RedisFault.Kind.CONNECTION && connection != null;
    if (completeExceptionally(
        isUnknown
            ? new RedisUnavailableException(fault.words())
            : RedisUnavailableException.refused(fault.words()))) {
      redis.failed();
    }
  }

  private void stopTimer() {
    Timeout running = timer;
    if (running != null) {
      running.cancel();
    }
  }
}
