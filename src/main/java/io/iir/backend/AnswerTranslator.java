package io.iir.backend;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a provider sends in a protocol of its own into OpenAI's: whole answers, errors, and
 * streams of server-sent events, piece by piece as they come. One a call, on its event loop, never
 * waits.
 */
public interface AnswerTranslator {

  /** Whether an answer of status 200 and this media type is the protocol's stream. */
  boolean isStream(String contentType);

  /**
   * Takes over {@code wire}, a piece of the stream cut anywhere, and answers the events that are
   * whole by now, as OpenAI's server-sent events ({@code data: {chunk}\n\n}, at the end {@code
   * data: [DONE]\n\n}, a failure as {@code data: {"error":…}\n\n}); null: none yet. The answer's
   * buffer is the caller's to release.
   *
   * @throws IllegalStateException if the stream is not what the protocol says; {@code wire} is
   *     released then, too
   */
  @Nullable ByteBuf events(ByteBuf wire);

  /**
   * The provider has closed the stream as HTTP wants it: the events that follow from that, or null.
   * A stream that was cut short gets none, so that it does not look complete.
   */
  @Nullable ByteBuf end();

  /**
   * A whole answer: a chat completion where {@code status} is 2xx, else {@code
   * {"error":{"message","type","code","param"}}}.
   *
   * @throws IllegalArgumentException if a 2xx answer is none; the message says what is wrong
   */
  byte[] whole(int status, byte[] body);

  /**
   * The status that OpenAI would have for this error: the provider's own, unless that misleads,
   * such as 400 for a key that is wrong.
   */
  default int status(int status, byte[] body) {
    return status;
  }

  /** When to ask again, as {@code Retry-After} has it, if this error's body says so; else null. */
  default @Nullable String retryAfter(byte[] body) {
    return null;
  }

  /** No more will come: drops what is kept of the stream. */
  void close();
}
