package io.iir.classify.encoder.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * The first six of the twelve layers of e5-small-v2 (Wang et al. 2022, arXiv 2212.03533) in 8-bit
 * numbers, as langchain4j packages it: what a text asks for is told from them as well as from all.
 * A text's embedding is the mean of its tokens' vectors, of the first few and of the last few, one
 * behind the other, each of length 1. One text takes one thread. Thread-safe.
 */
public final class SentenceEncoder implements AutoCloseable {

  /** How many of a text's tokens are read, at its start and at its end. */
  static final int HEAD = 40;

  static final int TAIL = 24;

  private static final int FEW = 16;
  private static final int PARTS = 3;
  private static final String MODEL = "/e5-small-v2-q.onnx";
  private static final String SIXTH_LAYER = "/encoder/layer.5/output/LayerNorm/Add_1_output_0";
  private static final String TOKENIZER = "/e5-small-v2-q-tokenizer.json";

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final WordPiece wordPiece;

  private SentenceEncoder(OrtEnvironment environment, OrtSession session, WordPiece wordPiece) {
    this.environment = environment;
    this.session = session;
    this.wordPiece = wordPiece;
  }

  /**
   * Reads the model from the class path.
   *
   * @throws IOException if it is not there or cannot be used
   */
  public static SentenceEncoder open() throws IOException {
    try (InputStream tokenizer = resource(TOKENIZER);
        InputStream model = resource(MODEL);
        OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      return new SentenceEncoder(
          environment,
          environment.createSession(FirstLayers.of(model.readAllBytes(), SIXTH_LAYER), options),
          WordPiece.read(tokenizer));
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime cannot read the model: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "The first layers of %s cannot be read: %s".formatted(MODEL, e.getMessage()), e);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream found = SentenceEncoder.class.getResourceAsStream(name);
    if (found == null) {
      throw new FileNotFoundException("%s is not on the class path".formatted(name));
    }
    return found;
  }

  /** The embedding of {@code text}. */
  public float[] embed(String text) {
    long[] tokens = wordPiece.tokens(text, HEAD, TAIL);
    int count = tokens.length;
    long[] shape = {1, count};
    long[] ones = new long[count];
    Arrays.fill(ones, 1);
    try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(tokens), shape);
        OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
        OnnxTensor types =
            OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[count]), shape);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      return pooled(((OnnxTensor) result.get(0)).getFloatBuffer(), count);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed: " + e.getCode(), e);
    }
  }

  /** The first and the last vector are those of the marks around the text. */
  private static float[] pooled(FloatBuffer vectors, int count) {
    int size = vectors.remaining() / count;
    float[] embedding = new float[PARTS * size];
    mean(vectors, 0, count, embedding, 0, size);
    if (count > 2) {
      mean(vectors, 1, Math.min(count, 1 + FEW), embedding, size, size);
      mean(vectors, Math.max(0, count - 1 - FEW), count - 1, embedding, 2 * size, size);
    }
    return embedding;
  }

  private static void mean(
      FloatBuffer vectors, int from, int to, float[] embedding, int at, int size) {
    for (int token = from; token < to; token++) {
      for (int i = 0; i < size; i++) {
        embedding[at + i] += vectors.get(token * size + i);
      }
    }
    double squares = 0;
    for (int i = at; i < at + size; i++) {
      squares += (double) embedding[i] * embedding[i];
    }
    float scale = (float) (1 / Math.sqrt(squares + 1e-12));
    for (int i = at; i < at + size; i++) {
      embedding[i] *= scale;
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close: " + e.getCode(), e);
    }
  }
}
