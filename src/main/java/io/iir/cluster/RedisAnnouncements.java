package io.iir.cluster;

import io.iir.redis.Redis;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Announcements that Redis carries, on one channel, as {@code <gateway> <topic> <text>}. This
 * process hears its own at once, whether Redis is there or not. Thread-safe, never blocks.
 */
final class RedisAnnouncements implements Announcements {

  private static final String CHANNEL = "iir:announcements";

  private final Redis redis;
  private final String self;
  private final Hearers hearers = new Hearers();

  /** What the gateway {@code self} tells and hears. */
  RedisAnnouncements(Redis redis, String self) {
    this.redis = redis;
    this.self = self;
    redis.subscribe(CHANNEL, this::hear);
  }

  @Override
  public void tell(Topic topic, String text) {
    hearers.tell(topic, text);
    byte[] message = (self + ' ' + topic + ' ' + text).getBytes(StandardCharsets.UTF_8);
    redis.call(commands -> commands.publish(CHANNEL.getBytes(StandardCharsets.US_ASCII), message));
  }

  private void hear(byte[] message) {
    String[] parts = new String(message, StandardCharsets.UTF_8).split(" ", 3);
    if (parts.length == 3 && !parts[0].equals(self)) {
      Arrays.stream(Topic.values()) // another version's gateway may have topics of its own
          .filter(topic -> topic.name().equals(parts[1]))
          .forEach(topic -> hearers.tell(topic, parts[2]));
    }
  }

  @Override
  public void listen(Topic topic, Consumer<String> listener) {
    hearers.add(topic, listener);
  }
}
