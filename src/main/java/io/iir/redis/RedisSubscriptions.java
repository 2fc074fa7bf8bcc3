package io.iir.redis;

import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.netty.util.Timeout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels that are listened to, over one connection, which is opened anew when it is lost or
 * says nothing. Thread-safe, never blocks.
 */
final class RedisSubscriptions {

  private static final Logger LOG = LoggerFactory.getLogger(RedisSubscriptions.class);
  private static final long PERIOD_MILLIS = 250;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final RedisConnections connections;
  private final RedisLink<StatefulRedisPubSubConnection<byte[], byte[]>> link;
  private final ConcurrentMap<String, List<Consumer<byte[]>>> listeners = new ConcurrentHashMap<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long heardNanos;
  private volatile String problem = "";

  RedisSubscriptions(RedisConnections connections) {
    this.connections = connections;
    this.link = new RedisLink<>(connections::connectToListen, new Watcher());
  }

  private final class Watcher extends RedisPubSubAdapter<byte[], byte[]>
      implements RedisLink.Watcher<StatefulRedisPubSubConnection<byte[], byte[]>> {

    @Override
    public void opened(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
      asking.set(false);
      connection.addListener(this);
      byte[][] channels =
          listeners.keySet().stream().map(RedisSubscriptions::bytes).toArray(byte[][]::new);
      heed(connection.async().subscribe(channels));
    }

    @Override
    public void lost(RedisFault fault) {
      LOG.debug("what Redis publishes is not heard: {}", fault.words());
    }

    @Override
    public void message(byte[] channel, byte[] message) {
      String name = new String(channel, StandardCharsets.UTF_8);
      for (Consumer<byte[]> listener : listeners.getOrDefault(name, List.of())) {
        try {
          listener.accept(message);
        } catch (RuntimeException e) {
          LOG.error("what was heard on {} could not be used", name, e);
        }
      }
    }
  }

  /** Calls {@code listener} with each message on {@code channel}. */
  void add(String channel, Consumer<byte[]> listener) {
    listeners.computeIfAbsent(channel, name -> new CopyOnWriteArrayList<>()).add(listener);
    StatefulRedisPubSubConnection<byte[], byte[]> connection = link.current();
    if (connection != null) {
      heed(connection.async().subscribe(bytes(channel)));
    } else {
      link.open();
    }
    if (started.compareAndSet(false, true)) {
      again();
    }
  }

  /** A user of Redis may be forbidden to listen. */
  private void heed(CompletionStage<Void> subscription) {
    subscription.whenComplete((done, failure) -> {
      RedisFault fault = failure == null ? null : RedisFault.of(failure);
      if (fault == null) {
        problem = "";
      } else if (fault.kind() != RedisFault.Kind.CONNECTION) { // it is opened anew
        problem = "what other gateways say is not heard: " + fault.words();
        LOG.warn("What other gateways say through Redis is not heard: {}.", fault.words());
      }
    });
  }

  /** Why nothing is heard, for people; empty: no reason is known. */
  String problem() {
    return problem;
  }

  private void again() {
    connections.timer().newTimeout(this::tick, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick(Timeout timeout) {
    try {
      look();
    } finally {
      again();
    }
  }

  private void look() {
    StatefulRedisPubSubConnection<byte[], byte[]> connection = link.current();
    if (connection == null) {
      link.open();
    } else if (asking.compareAndSet(false, true)) {
      heardNanos = System.nanoTime();
      connection.async().ping().thenRun(() -> asking.set(false));
    } else if (System.nanoTime() - heardNanos > PATIENCE_NANOS) {
      link.drop(connection, RedisFault.SILENT);
    }
  }

  private static byte[] bytes(String channel) {
    return channel.getBytes(StandardCharsets.UTF_8);
  }

  void close() {
    link.close();
  }
}
