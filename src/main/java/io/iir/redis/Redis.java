package io.iir.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A Redis that is asked without blocking, over one connection that all threads share, opened by the
 * first call. Each call ends within {@code iir.state.timeout}; after failures in a row no calls are
 * made for a while, and they fail at once. Thread-safe; futures complete on Redis's own threads, so
 * whoever goes on with an exchange hops to its loop.
 */
public interface Redis {

  /** The bean for answers: they are long, and are not to hold up what counts. */
  String FOR_ANSWERS = "redisForAnswers";

  /**
   * Makes one call.
   *
   * @return what came of it; fails with {@link RedisUnavailableException} if nothing did in time
   */
  <T> CompletableFuture<T> call(
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command);

  /**
   * As {@link #call}, with what to do about an answer that comes after the time is over, when the
   * future has failed already: it was done in Redis all the same.
   */
  <T> CompletableFuture<T> call(
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command,
      Consumer<? super T> late);

  /**
   * Runs {@code script} by its hash, and by its text where Redis does not know it yet.
   *
   * @param keys the keys that it touches
   * @param late told of an answer that comes too late
   * @return its answer: {@link Long}s and byte arrays
   */
  CompletableFuture<List<Object>> run(
      RedisScript script, byte[][] keys, byte[][] arguments, Consumer<? super List<Object>> late);

  /**
   * Hears what is published on {@code channel}, for ever, over a connection of its own that is
   * opened anew when it is lost: what is published meanwhile is not heard.
   *
   * @param listener called on one of Redis's threads, which it must not block
   */
  void subscribe(String channel, Consumer<byte[]> listener);

  /** Which it is, for people; without a password. */
  String place();

  /** Whether calls are made: it has not failed of late. One that only refuses to write is. */
  boolean isAvailable();

  /**
   * Why it is not available, or what it refuses, for people, without secrets; empty while all is
   * well.
   */
  String problem();

  /**
   * Calls {@code listener} each time Redis answers again after it did not, before other calls are
   * let through, and when one that refused to write takes writes again. What the listener itself
   * calls reaches Redis before the calls of others. It runs on one of Redis's threads, which it
   * must not block.
   */
  void onReturn(Runnable listener);
}
