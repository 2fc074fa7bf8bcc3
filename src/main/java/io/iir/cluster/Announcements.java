package io.iir.cluster;

import java.util.function.Consumer;

/**
 * What gateways tell each other at once, on topics. A gateway hears what it says itself, too. Best
 * effort: what is said while Redis is away is not heard by the others, who must not depend on it.
 * Thread-safe; listeners are called on threads that they must not block.
 */
public interface Announcements {

  /** What a topic is about. */
  enum Topic {
    /** A key was changed or revoked; the text is its hash in hex. */
    KEY_CHANGED,
    /** Answers were cleared from the cache; the text says which. */
    CACHE_CLEARED,
    /** An answer that others wait for is there, or will not come; the text is its cache key. */
    ANSWER_ENDED,
    /** A request with an idempotency key has ended; the text names it. */
    REQUEST_ENDED
  }

  /** Tells everybody. */
  void tell(Topic topic, String text);

  /** Calls {@code listener} with each text that is told on {@code topic}, for ever. */
  void listen(Topic topic, Consumer<String> listener);
}
