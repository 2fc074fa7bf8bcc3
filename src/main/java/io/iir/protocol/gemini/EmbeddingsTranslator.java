package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.backend.AnswerTranslator;
import io.iir.openai.JsonBytes;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Embeddings of the Gemini API or of Vertex AI as OpenAI's. Never streams.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings/object">OpenAI's form</a>
 */
final class EmbeddingsTranslator implements AnswerTranslator {

  private final String model;
  private final int estimate;
  private final boolean base64;

  /**
   * For one call.
   *
   * @param estimate the tokens to tell of where the answer does not tell any, as many models'
   * @param base64 whether vectors are text
   */
  EmbeddingsTranslator(String model, int estimate, boolean base64) {
    this.model = model;
    this.estimate = estimate;
    this.base64 = base64;
  }

  @Override
  public boolean isStream(String contentType) {
    return false;
  }

  @Override
  public @Nullable ByteBuf events(ByteBuf wire) {
    wire.release();
    throw new IllegalStateException("embeddings have no stream");
  }

  @Override
  public @Nullable ByteBuf end() {
    return null;
  }

  @Override
  public int status(int status, byte[] body) {
    return GeminiErrors.status(status, body);
  }

  @Override
  public @Nullable String retryAfter(byte[] body) {
    return GeminiErrors.retryAfter(body);
  }

  @Override
  public void close() {
    // nothing is kept
  }

  @Override
  public byte[] whole(int status, byte[] body) {
    if (status < 200 || status >= 300) {
      return GeminiErrors.of(status, body).toJson();
    }
    try {
      return JsonBytes.write(list(JsonBytes.TREE.readTree(body)));
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    }
  }

  private ObjectNode list(JsonNode answer) {
    ArrayNode data = Trees.array();
    long tokens = answer.path("usageMetadata").path("promptTokenCount").asLong();
    for (JsonNode embedding : answer.path("embeddings")) {
      add(data, embedding);
    }
    for (JsonNode prediction : answer.path("predictions")) {
      add(data, prediction.path("embeddings"));
      tokens += prediction.path("embeddings").path("statistics").path("token_count").asLong();
    }
    if (data.isEmpty()) {
      throw new IllegalArgumentException("it has no embeddings");
    }
    long told = tokens > 0 ? tokens : estimate;
    ObjectNode list = Trees.object().put("object", "list");
    list.set("data", data);
    list.put("model", model)
        .putObject("usage")
        .put("prompt_tokens", told)
        .put("total_tokens", told);
    return list;
  }

  private void add(ArrayNode data, JsonNode embedding) {
    JsonNode values = embedding.path("values");
    if (!values.isArray()) {
      throw new IllegalArgumentException("an embedding has no values");
    }
    ObjectNode item = Trees.object().put("object", "embedding").put("index", data.size());
    if (base64) {
      item.put("embedding", encoded(values));
    } else {
      item.set("embedding", values);
    }
    data.add(item);
  }

  private static String encoded(JsonNode values) {
    ByteBuffer floats =
        ByteBuffer.allocate(values.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    values.forEach(value -> floats.putFloat((float) value.asDouble()));
    return Base64.getEncoder().encodeToString(floats.array());
  }
}
