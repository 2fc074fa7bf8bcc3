package io.iir.redis;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** A Redis called by Lettuce. Thread-safe; close it. */
final class LettuceRedis implements Redis, AutoCloseable {

  private final RedisConnections connections;
  private final RedisMeters meters;
  private final long timeoutNanos;
  private final RedisUnavailableException tooLate;
  private final boolean owner;
  private final Duration timeout;
  private final RedisState state;
  private final RedisLink<StatefulRedisConnection<byte[], byte[]>> link;
  private final RedisProbe probe;
  private final RedisSubscriptions subscriptions;
  private final ConcurrentMap<String, ScriptCode> scripts = new ConcurrentHashMap<>();

  /**
   * Calls Redis over {@code connections}, of which there is none yet.
   *
   * @param timeout how long a call may take
   */
  LettuceRedis(RedisConnections connections, Duration timeout, RedisMeters meters) {
    this(connections, timeout, meters, true, "");
  }

  private LettuceRedis(
      RedisConnections connections,
      Duration timeout,
      RedisMeters meters,
      boolean owner,
      String use) {
    this.owner = owner;
    this.timeout = timeout;
    this.state = new RedisState(use);
    this.connections = connections;
    this.meters = meters;
    this.timeoutNanos = timeout.toNanos();
    this.tooLate =
        new RedisUnavailableException("no answer within %d ms".formatted(timeout.toMillis()));
    this.link = new RedisLink<>(connections::connect, new Watcher());
    this.probe = new RedisProbe(link, state, connections.timer(), timeout);
    this.subscriptions = new RedisSubscriptions(connections);
  }

  /**
   * The same Redis over a connection of its own, with a breaker of its own: what is slow over it
   * holds nothing up over this one. Closed no later than this one.
   *
   * @param use what it is for, as the log says it, such as {@code " for answers"}
   */
  LettuceRedis beside(String use) {
    return new LettuceRedis(connections, timeout, meters, false, use);
  }

  private final class Watcher
      implements RedisLink.Watcher<StatefulRedisConnection<byte[], byte[]>> {

    @Override
    public void opened(StatefulRedisConnection<byte[], byte[]> connection) {
      probe.look();
    }

    @Override
    public void lost(RedisFault fault) {
      state.left(fault.words());
    }
  }

  /** A script as it is sent. */
  private record ScriptCode(String text, String digest) {}

  @Override
  public <T> CompletableFuture<T> call(
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command) {
    return call(command, answer -> {});
  }

  @Override
  public <T> CompletableFuture<T> call(
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command,
      Consumer<? super T> late) {
    if (!state.admits()) {
      return skipped();
    }
    RedisCall<T> call = begin(late);
    send(call, command, call::failed);
    return call;
  }

  @Override
  public CompletableFuture<List<Object>> run(
      RedisScript script, byte[][] keys, byte[][] arguments, Consumer<? super List<Object>> late) {
    if (!state.admits()) {
      return skipped();
    }
    ScriptCode code = scripts.computeIfAbsent(script.text(), LettuceRedis::code);
    RedisCall<List<Object>> call = begin(late);
    Function<RedisAsyncCommands<byte[], byte[]>, CompletionStage<List<Object>>> inFull =
        redis -> redis.eval(code.text(), ScriptOutputType.MULTI, keys, arguments);
    if (state.isTelling()) { // it may have lost its scripts, and others' calls must come later
      send(call, inFull, call::failed);
      return call;
    }
    this.<List<Object>>send(
        call,
        redis -> redis.evalsha(code.digest(), ScriptOutputType.MULTI, keys, arguments),
        failure -> {
          if (failure instanceof RedisNoScriptException && !call.isDone()) {
            send(call, inFull, call::failed);
          } else {
            call.failed(failure);
          }
        });
    return call;
  }

  private static ScriptCode code(String text) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1"); // what EVALSHA takes
      byte[] digest = sha1.digest(text.getBytes(StandardCharsets.UTF_8));
      return new ScriptCode(text, HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  private <T> CompletableFuture<T> skipped() {
    meters.skipped();
    return CompletableFuture.failedFuture(RedisUnavailableException.refused(state.problem()));
  }

  private <T> RedisCall<T> begin(Consumer<? super T> late) {
    probe.start();
    RedisCall<T> call = new RedisCall<>(this, late, state.epoch());
    call.endsBy(connections.timer().newTimeout(call, timeoutNanos, TimeUnit.NANOSECONDS));
    return call;
  }

  /** Sends {@code command}, now or as soon as there is a connection, if that is in time. */
  private <T> void send(
      RedisCall<T> call,
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command,
      Consumer<Throwable> failed) {
    StatefulRedisConnection<byte[], byte[]> connection = link.current();
    if (connection == null) {
      link.open()
          .whenComplete((opened, failure) -> {
            if (failure != null) {
              failed.accept(failure);
            } else if (!call.isDone()) {
              send(call, opened, command, failed);
            }
          });
    } else {
      send(call, connection, command, failed);
    }
  }

  private static <T> void send(
      RedisCall<T> call,
      StatefulRedisConnection<byte[], byte[]> connection,
      Function<RedisAsyncCommands<byte[], byte[]>, ? extends CompletionStage<T>> command,
      Consumer<Throwable> failed) {
    try {
      call.over(connection);
      command
          .apply(connection.async())
          .whenComplete((answer, failure) -> {
            if (failure == null) {
              call.answered(answer);
            } else {
              failed.accept(failure);
            }
          });
    } catch (RuntimeException e) { // what a command refuses to send
      call.completeExceptionally(e);
    }
  }

  RedisUnavailableException tooLate() {
    return tooLate;
  }

  void succeeded(RedisCall<?> call) {
    meters.succeeded(System.nanoTime() - call.start());
    state.succeeded();
  }

  void timedOut(RedisCall<?> call) {
    meters.timedOut();
    state.failed(call.epoch(), String.valueOf(tooLate.getMessage()));
  }

  void failed() {
    meters.failed();
  }

  /** Draws from the failure of {@code call} what it tells of Redis. */
  void judge(RedisCall<?> call, RedisFault fault) {
    StatefulRedisConnection<byte[], byte[]> connection = call.connection();
    switch (fault.kind()) {
      case CALL -> state.succeeded();
      case WRITES, REPLICA -> state.refusesWrites(fault.words());
      case ALL -> state.failed(call.epoch(), fault.words());
      case CONNECTION -> {
        if (connection != null) {
          link.drop(connection, fault);
        }
      }
    }
  }

  @Override
  public void subscribe(String channel, Consumer<byte[]> listener) {
    subscriptions.add(channel, listener);
  }

  @Override
  public String place() {
    return connections.place();
  }

  @Override
  public boolean isAvailable() {
    return state.admits();
  }

  @Override
  public String problem() {
    String problem = state.problem();
    return problem.isEmpty() ? subscriptions.problem() : problem;
  }

  @Override
  public void onReturn(Runnable listener) {
    state.onReturn(listener);
  }

  @Override
  public void close() {
    link.close();
    subscriptions.close();
    if (owner) {
      connections.close();
    }
  }
}
