package io.iir.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManagerFactory;

/**
 * Opens connections to one Redis, on two threads of their own, and keeps the time limits of what is
 * asked over them. Lettuce itself opens none anew: see {@link RedisLink}. Thread-safe; close it.
 */
final class RedisConnections implements AutoCloseable {

  /** Longest time in which a connection must be there, and greeted. */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final int THREADS = 2;
  private static final int MOST_UNANSWERED = 20_000;
  private static final long TICK_MILLIS = 5;

  private final RedisURI address;
  private final HashedWheelTimer timer;
  private final ClientResources resources;
  private final RedisClient client;

  /** Where they lead, without who calls. */
  String place() {
    if (address.getSocket() != null) {
      return address.getSocket();
    }
    return address.getSentinels().isEmpty()
        ? address.getHost() + ":" + address.getPort()
        : "%s, by %d sentinels"
            .formatted(address.getSentinelMasterId(), address.getSentinels().size());
  }

  /** Opens none yet. */
  RedisConnections(RedisURI address, TrustManagerFactory trust) {
    this.address = address;
    address.setTimeout(PATIENCE);
    timer =
        new HashedWheelTimer(
            new DefaultThreadFactory("redis-timer", true), TICK_MILLIS, TimeUnit.MILLISECONDS);
    resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .timer(timer)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .build();
    client = RedisClient.create(resources);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(MOST_UNANSWERED)
            .timeoutOptions(TimeoutOptions.create()) // none: late answers are to be told
            .socketOptions(SocketOptions.builder().connectTimeout(PATIENCE).keepAlive(true).build())
            .sslOptions(SslOptions.builder().trustManager(trust).build())
            .build());
  }

  /** A connection for calls. */
  CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect() {
    return client.connectAsync(ByteArrayCodec.INSTANCE, address);
  }

  /** A connection for what is published. */
  CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectToListen() {
    return client.connectPubSubAsync(ByteArrayCodec.INSTANCE, address);
  }

  /** What keeps time limits. */
  Timer timer() {
    return timer;
  }

  @Override
  public void close() {
    client.shutdown(Duration.ZERO, PATIENCE);
    resources.shutdown(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
    timer.stop();
  }
}
