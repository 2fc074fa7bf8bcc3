package io.iir.auth;

import io.iir.auth.Lookup.Asked;
import io.iir.auth.Lookup.Caller;
import io.iir.auth.Lookup.Part;
import io.iir.auth.Lookup.Question;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The questions about keys that the store is being asked. The same question is put once at a time,
 * however many wait for its answer. Of strangers' questions few are put at a time and a bounded
 * number waits, so that whoever makes keys up cannot keep the store from answering about keys that
 * exist. Thread-safe.
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

  private final ConcurrentMap<Subject, CompletableFuture<Lookup>> underWay =
      new ConcurrentHashMap<>();
  private final Semaphore places;
  private final Semaphore turns;

  /** No questions yet. */
  public KeyLookups() {
    this(AT_ONCE, MOST);
  }

  /**
   * No questions yet.
   *
   * @param atOnce how many questions of strangers are put to the store at a time
   * @param most how many there may be in all, those that wait included
   */
  KeyLookups(int atOnce, int most) {
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
    CompletableFuture<Lookup> other = underWay.get(subject);
    if (other != null) {
      return new Asked(question, Part.WAITS, other);
    }
    boolean stranger = question.caller() == Caller.STRANGER;
    if (stranger && !places.tryAcquire()) {
      return null;
    }
    CompletableFuture<Lookup> answer = new CompletableFuture<>();
    other = underWay.putIfAbsent(subject, answer);
    if (other == null) {
      return new Asked(question, Part.ASKS, answer);
    }
    if (stranger) {
      places.release();
    }
    return new Asked(question, Part.WAITS, other);
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
    underWay.remove(Subject.of(asked.question()), asked.answer());
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
