package io.iir.redis;

import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Finds out when a Redis that was away is there again, and when one that refused to write takes
 * writes. Thread-safe, never blocks.
 */
final class RedisProbe {

  private static final long PERIOD_MILLIS = 250;

  /** Without an answer for so long, the other side may have gone without a word. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** A replica may be a master soon; after so long another one is asked. */
  private static final long REPLICA_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final byte[] KEY = "iir:probe".getBytes(StandardCharsets.US_ASCII);

  private final RedisLink<StatefulRedisConnection<byte[], byte[]>> link;
  private final RedisState state;
  private final Timer timer;
  private final long timeoutNanos;
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicReference<@Nullable Question> underWay = new AtomicReference<>();
  private volatile @Nullable Question refused; // the first that a replica would not write

  /** Watches over {@code link}; whatever takes longer than {@code timeout} is not well. */
  RedisProbe(
      RedisLink<StatefulRedisConnection<byte[], byte[]>> link,
      RedisState state,
      Timer timer,
      Duration timeout) {
    this.link = link;
    this.state = state;
    this.timer = timer;
    this.timeoutNanos = timeout.toNanos();
  }

  /** A question that was put. */
  private record Question(StatefulRedisConnection<byte[], byte[]> connection, long since) {}

  /** Begins to look, four times a second, unless it has begun. */
  void start() {
    if (!started.get() && started.compareAndSet(false, true)) {
      again();
    }
  }

  private void again() {
    timer.newTimeout(this::tick, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick(Timeout timeout) {
    try {
      look();
    } finally {
      again();
    }
  }

  /** Looks now. */
  void look() {
    RedisState.Phase phase = state.phase();
    if (phase == RedisState.Phase.READS || (phase == RedisState.Phase.AWAY && state.mayReturn())) {
      StatefulRedisConnection<byte[], byte[]> connection = link.current();
      if (connection == null) {
        link.open();
      } else {
        ask(connection, phase);
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // that very connection, not one like it
  private void ask(StatefulRedisConnection<byte[], byte[]> connection, RedisState.Phase phase) {
    Question last = underWay.get();
    if (last != null && last.connection() == connection) {
      if (System.nanoTime() - last.since() > PATIENCE_NANOS) {
        link.drop(connection, RedisFault.SILENT);
      }
      return;
    }
    Question question = new Question(connection, System.nanoTime());
    if (underWay.compareAndSet(last, question)) {
      boolean reads = phase == RedisState.Phase.READS;
      CompletionStage<String> asked =
          reads
              ? connection.async().set(KEY, KEY, SetArgs.Builder.px(1000))
              : connection.async().ping();
      String expected = reads ? "OK" : "PONG";
      asked.whenComplete((answer, failure) -> {
        if (underWay.compareAndSet(question, null)) {
          hear(question, expected.equals(answer), failure);
        }
      });
    }
  }

  private void hear(Question question, boolean isExpected, @Nullable Throwable failure) {
    RedisFault fault =
        failure != null ? RedisFault.of(failure) : isExpected ? null : RedisFault.NONSENSE;
    if (fault == null || fault.kind() != RedisFault.Kind.REPLICA) {
      refused = null;
    }
    if (fault == null) {
      if (System.nanoTime() - question.since() <= timeoutNanos) {
        state.returned();
      } else {
        look(); // late, but perhaps because it has just begun to answer again
      }
    } else if (fault.kind() == RedisFault.Kind.CONNECTION) {
      link.drop(question.connection(), fault);
    } else if (fault.kind() == RedisFault.Kind.ALL) {
      state.left(fault.words());
    } else if (fault.kind() == RedisFault.Kind.REPLICA) {
      refusedByReplica(question);
    }
  }

  /** Where a name, or a sentinel, tells another address by now, the next connection goes there. */
  @SuppressWarnings("ReferenceEquality") // that very connection, not one like it
  private void refusedByReplica(Question question) {
    Question first = refused;
    if (first == null || first.connection() != question.connection()) {
      refused = question;
    } else if (question.since() - first.since() > REPLICA_NANOS) {
      link.renew(question.connection());
    }
  }
}
