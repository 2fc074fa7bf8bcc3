package io.iir.cluster;

import io.iir.cluster.Announcements.Topic;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those in this process who hear announcements. Thread-safe. */
final class Hearers {

  private static final Logger LOG = LoggerFactory.getLogger(Hearers.class);

  private final Map<Topic, List<Consumer<String>>> byTopic = new EnumMap<>(Topic.class);

  Hearers() {
    for (Topic topic : Topic.values()) {
      byTopic.put(topic, new CopyOnWriteArrayList<>());
    }
  }

  void add(Topic topic, Consumer<String> listener) {
    of(topic).add(listener);
  }

  void tell(Topic topic, String text) {
    for (Consumer<String> listener : of(topic)) {
      try {
        listener.accept(text);
      } catch (RuntimeException e) {
        LOG.error("what was announced on {} could not be used", topic, e);
      }
    }
  }

  private List<Consumer<String>> of(Topic topic) {
    return byTopic.getOrDefault(topic, List.of());
  }
}
