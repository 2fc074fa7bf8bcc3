package io.iir.auth;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What is known of a caller at one moment. */
public sealed interface Lookup {

  /**
   * A key that holds.
   *
   * @param refresh a question to put to the store in the background, if this caller is the one to
   *     do so
   */
  record Known(ApiKey key, @Nullable Question refresh) implements Lookup {}

  /** No key that holds; why is nobody's business. */
  record Refused() implements Lookup {}

  /**
   * The store has to be asked.
   *
   * @param hash whose key
   * @param generation when the question was put, in changes of keys: an answer does not count if a
   *     key has been changed since
   * @param askedNanos when it was put, by the clock of {@link ApiKeys}: the answer is no newer
   */
  record Question(KeyHash hash, long generation, long askedNanos, Caller caller)
      implements Lookup {}

  /** Who is behind a question. */
  enum Caller {
    /** Somebody whose hash was a key's when the store was last asked. */
    FAMILIAR,
    /** Somebody who may have made a key up. */
    STRANGER
  }

  /**
   * The store is being asked.
   *
   * @param answer what comes of it; fails if the store fails
   */
  record Asked(Question question, Part part, CompletableFuture<Lookup> answer) implements Lookup {}

  /** What a caller has to do while the store is being asked. */
  enum Part {
    /** Put the question. */
    ASKS,
    /** Wait for the answer to one who has put the same. */
    WAITS
  }
}
