package io.iir.cache;

import io.iir.openai.ApiException;

/** What a request is told whose answer is not in memory. */
public sealed interface Outcome {

  /** Where an answer came from. */
  enum Where {
    /** This process. */
    MEMORY("memory"),
    /** Redis. */
    REDIS("redis");

    private final String word;

    Where(String word) {
      this.word = word;
    }

    /** Its name in meters. */
    public String word() {
      return word;
    }
  }

  /**
   * The answer was there.
   *
   * @param where where
   */
  record Hit(CachedAnswer answer, Where where) implements Outcome {}

  /**
   * It was made meanwhile for another request.
   *
   * @param where whether that request is one of this process or of another gateway
   */
  record Coalesced(CachedAnswer answer, Where where) implements Outcome {}

  /**
   * It is not there: the request has it made.
   *
   * @param place where it is to be kept
   */
  record Miss(Place place) implements Outcome {}

  /**
   * The same request, which this one waited for, failed.
   *
   * @param refusal what that one was told
   */
  record Failed(ApiException refusal) implements Outcome {}
}
