package io.iir.classify.encoder.onnx;

import io.iir.classify.SecondStage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** The second stage: a {@link SentenceEncoder} and, on its embeddings, a {@link Head}. */
public final class EncoderStage implements SecondStage {

  /** The head's file on the class path. */
  static final String HEAD = "/classify/encoder-head.bin";

  private static final int CATEGORIES = 8;

  private @Nullable SentenceEncoder encoder;
  private @Nullable Head head;

  /** Not open yet; the service loader calls this. */
  public EncoderStage() {}

  @Override
  public void open() throws IOException {
    try (InputStream file = EncoderStage.class.getResourceAsStream(HEAD)) {
      if (file == null) {
        throw new FileNotFoundException("%s is not on the class path".formatted(HEAD));
      }
      head = Head.read(file, CATEGORIES);
    }
    encoder = SentenceEncoder.open();
    scores("a first text, so that the next one is quick");
  }

  @Override
  public double[] scores(String text) {
    if (encoder == null || head == null) {
      throw new IllegalStateException("The encoder is not open.");
    }
    return head.scores(encoder.embed(text));
  }

  @Override
  public String fittedBeside() {
    return head == null ? "" : head.first();
  }

  @Override
  public double firstWeight() {
    return head == null ? 1 : head.firstWeight();
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
    }
  }
}
