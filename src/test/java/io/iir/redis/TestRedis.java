package io.iir.redis;

import io.iir.config.Secret;
import io.iir.config.TrustBundle;
import io.iir.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;

/** The Redis of gateways before a server of a test's. Close it. */
public final class TestRedis {

  private TestRedis() {}

  /** A client of {@code server}, whose calls may take {@code timeout}. */
  public static Redis of(RedisServer server, Duration timeout) {
    return new LettuceRedis(
        new RedisConnections(RedisAddress.parse(Secret.of(server.url())), TrustBundle.load(null)),
        timeout,
        new RedisMeters(new SimpleMeterRegistry()));
  }

  /** Closes a client that {@link #of} has made. */
  public static void close(Redis redis) {
    ((LettuceRedis) redis).close();
  }
}
