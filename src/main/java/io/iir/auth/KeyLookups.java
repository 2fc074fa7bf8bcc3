package io.iir.auth;

import io.iir.auth.Lookup.Asked;
import io.iir.auth.Lookup.Caller;
import io.iir.auth.Lookup.Part;
import io.iir.auth.Lookup.Question;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The questions about keys that the store is being asked. The same question is put once at a time,
 * however many wait for its answer. Of strangers' questions few are put at a time and a bounded
 * number waits, so that whoever makes keys up cannot keep the store from answering about keys that
 * exist.
 *
 * <p>Knows, too, whether the store answers: it is away from when it failed, or was too slow, until
 * it answers a question or, after a while, whoever watches over it says that it is well.
 * Thread-safe.
 */
public final class KeyLookups {

  /** Half of the connections that the store has. */
  private static final int AT_ONCE = 2;

  /** What SQLite answers in some 10 ms: longer than that, a client does better to come back. */
  private static final int MOST = 256;

  /**
   * A key at one state of all keys: who asks after a change must not get the answer from before.
   */
  private record Subject(KeyHash hash, long generation) {

    static Subject of(Question question) {
      return new Subject(question.hash(), question.generation());
    }
  }

  /** A question that is being put, since when. */
  private record Open(CompletableFuture<Lookup> answer, long since) {}

  /** How long a failure counts whatever else is known of the store. */
  private static final long AWAY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A question that has been open for so long hangs. */
  private static final long HANGS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private static final Logger LOG = LoggerFactory.getLogger(KeyLookups.class);

  private final ConcurrentMap<Subject, Open> underWay = new ConcurrentHashMap<>();
  private final Semaphore places;
  private final Semaphore turns;
  private final BooleanSupplier health;
  private final AtomicBoolean failing = new AtomicBoolean();
  private volatile long failedNanos;
  private volatile boolean slow;

  /**
   * No questions yet.
   *
   * @param health whether the store answers, as others know
   */
  public KeyLookups(BooleanSupplier health) {
    this(AT_ONCE, MOST, health);
  }

  /**
   * No questions yet.
   *
   * @param atOnce how many questions of strangers are put to the store at a time
   * @param most how many there may be in all, those that wait included
   */
  KeyLookups(int atOnce, int most, BooleanSupplier health) {
    this.health = health;
    turns = new Semaphore(atOnce, true);
    places = new Semaphore(most);
  }

  /**
   * Joins those who ask. Never blocks.
   *
   * @return what to do; null if too many strangers ask already. Whoever is to ask must {@link
   *     #begin} and {@link #end}
   */
  public @Nullable Asked join(Question question) {
    Subject subject = Subject.of(question);
    Open other = underWay.get(subject);
    if (other != null) {
      return new Asked(question, Part.WAITS, other.answer());
    }
    boolean stranger = question.caller() == Caller.STRANGER;
    if (stranger && !places.tryAcquire()) {
      return null;
    }
    CompletableFuture<Lookup> answer = new CompletableFuture<>();
    other = underWay.putIfAbsent(subject, new Open(answer, System.nanoTime()));
    if (other == null) {
      return new Asked(question, Part.ASKS, answer);
    }
    if (stranger) {
      places.release();
    }
    return new Asked(question, Part.WAITS, other.answer());
  }

  /** Whether the store does not answer. */
  public boolean isStoreAway() {
    if (!health.getAsBoolean()) {
      return true;
    }
    if (!failing.get()) {
      return false;
    }
    long now = System.nanoTime();
    return now - failedNanos < AWAY_NANOS
        || underWay.values().stream().anyMatch(open -> now - open.since() > HANGS_NANOS);
  }

  /** Whether it is no more than slow, as far as is known: strangers, who have time, may ask. */
  public boolean isStoreSlow() {
    return slow && health.getAsBoolean();
  }

  /** The store did not answer in the time that a familiar key has. */
  public void storeLate() {
    if (!failing.get()) {
      slow = true;
    }
    fails("the database does not answer in time");
  }

  /** The store failed to answer. */
  public void storeFailed(String why) {
    slow = false;
    fails(why);
  }

  private void fails(String why) {
    failedNanos = System.nanoTime();
    if (!failing.getAndSet(true)) {
      LOG.warn("API keys cannot be looked up: {}", why);
    }
  }

  /** The store answered, about a key or about all of them. */
  public void storeAnswered() {
    slow = false;
    if (failing.getAndSet(false)) {
      LOG.info("API keys can be looked up again.");
    }
  }

  /** Waits until the store may be asked. */
  public void begin(Asked asked) {
    if (asked.question().caller() == Caller.STRANGER) {
      turns.acquireUninterruptibly();
    }
  }

  /**
   * The store has been asked, once {@link #begin} was called.
   *
   * @param failure why the answer is not there, if it is not
   */
  public void end(Asked asked, @Nullable Throwable failure) {
    underWay.remove(Subject.of(asked.question()));
    if (failure == null) {
      storeAnswered();
    } else {
      storeFailed(String.valueOf(failure.getMessage()));
    }
    if (!asked.answer().isDone()) {
      asked
          .answer()
          .completeExceptionally(
              failure == null ? new IllegalStateException("the store gave no answer") : failure);
    }
    if (asked.question().caller() == Caller.STRANGER) {
      turns.release();
      places.release();
    }
  }
}
