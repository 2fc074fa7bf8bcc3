package io.iir.cluster;

import java.util.function.Consumer;

/** What a gateway that shares with no other tells itself. Thread-safe. */
final class LocalAnnouncements implements Announcements {

  private final Hearers hearers = new Hearers();

  @Override
  public void tell(Topic topic, String text) {
    hearers.tell(topic, text);
  }

  @Override
  public void listen(Topic topic, Consumer<String> listener) {
    hearers.add(topic, listener);
  }
}
