package io.iir.flow;

import io.iir.feedback.Comparison;
import io.iir.feedback.Pair;
import io.iir.feedback.Served;
import io.iir.openai.ChatRequest;
import io.iir.openai.CompletionText;
import io.iir.openai.StreamedText;
import io.iir.provider.ModelName;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request that is to be compared, as it comes. Used by one exchange, one thread at
 * a time.
 */
final class JudgeSample {

  /** A longer answer is not compared, in characters. */
  static final int MOST = 64 << 10;

  /** In bytes of JSON; such an answer is not even read, on the event loop. */
  private static final int MOST_BYTES = 4 * MOST;

  private final ChatRequest request;
  private final Pair pair;
  private @Nullable String model;
  private StreamedText streamed = new StreamedText();
  private @Nullable String whole;

  /** What is asked, a choice between {@code pair}. */
  JudgeSample(ChatRequest request, Pair pair) {
    this.request = request;
    this.pair = pair;
  }

  /** {@code model} is asked; what another has said is forgotten. */
  void asked(ModelName name) {
    model = name.id();
    streamed = new StreamedText();
    whole = null;
  }

  /** The client is sent the event of a stream whose data is {@code length} bytes. */
  void event(byte[] data, int offset, int length) {
    if (streamed.length() <= MOST) {
      streamed.add(data, offset, length);
    }
  }

  /** The answer has come whole. */
  void whole(byte[] completion) {
    whole = completion.length <= MOST_BYTES ? CompletionText.of(completion) : "";
  }

  /**
   * What is to be compared; null: {@code served} is no answer of the model that was listened to, or
   * of none of the pair.
   */
  @Nullable Comparison of(Served served) {
    String text = whole == null ? streamed.text() : whole;
    return served.model().equals(model)
            && pair.has(served.model())
            && !text.isBlank()
            && text.length() <= MOST
        ? new Comparison(served.between(pair), request, text)
        : null;
  }
}
