package io.iir.trace;

import io.iir.openai.StreamedText;
import org.jspecify.annotations.Nullable;

/**
 * What was asked and answered in one conversation, for its span: texts alone, cut to a bounded
 * length. Used by one exchange, one thread at a time.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">OpenTelemetry's
 *     form of messages</a>
 */
public final class Contents {

  /** So many letters have the messages that were asked, and those of the answer. */
  static final int MOST = 32 << 10;

  private final StreamedText streamed = new StreamedText();
  private byte @Nullable [] whole;

  Contents() {}

  /** An event of a streamed answer, which is {@code length} bytes from {@code offset}. */
  public void event(byte[] data, int offset, int length) {
    if (streamed.length() < MOST) {
      streamed.add(data, offset, length);
    }
  }

  /** The whole answer, a chat completion. */
  public void whole(byte[] completion) {
    whole = completion;
  }

  /** The messages of {@code request}, a body in OpenAI's form. */
  String input(byte[] request) {
    MessageTexts messages = new MessageTexts(MOST);
    messages.read(request, "messages", "");
    return messages.toString();
  }

  /** The messages of the answer, for which the model stopped for {@code reason}. */
  String output(@Nullable String reason) {
    MessageTexts messages = new MessageTexts(MOST);
    byte[] completion = whole;
    if (completion == null) {
      messages.add("assistant", streamed.text(), String.valueOf(reason));
    } else {
      messages.read(completion, "choices", "assistant");
    }
    return messages.toString();
  }
}
