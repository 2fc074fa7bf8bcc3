package io.iir.auth;

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
   * @param generation when the question was put: an answer does not count if a key has been changed
   *     since
   */
  record Question(KeyHash hash, long generation) implements Lookup {}
}
