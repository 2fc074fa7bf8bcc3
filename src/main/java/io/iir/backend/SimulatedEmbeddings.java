package io.iir.backend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The simulator's embeddings: the same for the same text everywhere, near each other for texts with
 * words in common. Each word, in lower case, adds 1 or -1, by the lowest bit of the CRC-32 of its
 * UTF-8, in one of the dimensions, by its other bits; then the vector is made one long. Stateless.
 *
 * @see <a href="https://arxiv.org/abs/0902.2206">Weinberger et al., Feature Hashing for Large Scale
 *     Multitask Learning</a>
 */
final class SimulatedEmbeddings {

  private static final int DIMENSIONS = 256;
  private static final int MOST_DIMENSIONS = 4_096;
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private SimulatedEmbeddings() {}

  /**
   * The answer to an embeddings request.
   *
   * @param body the request
   * @param promptTokens what it is said to have used
   */
  static byte[] answer(byte[] body, int promptTokens) {
    ObjectNode request = JsonBytes.object(body);
    int wanted = request.path("dimensions").asInt(DIMENSIONS);
    int dimensions = Math.clamp(wanted, 1, MOST_DIMENSIONS);
    boolean encoded = request.path("encoding_format").asText().equals("base64");
    ObjectNode answer = JsonBytes.TREE.createObjectNode().put("object", "list");
    ArrayNode data = answer.putArray("data");
    JsonNode input = request.path("input");
    boolean several = input.isArray() && !input.path(0).isIntegralNumber();
    for (int i = 0; i < (several ? input.size() : 1); i++) {
      float[] vector = vector(several ? input.path(i) : input, dimensions);
      ObjectNode item = data.addObject().put("object", "embedding").put("index", i);
      if (encoded) {
        item.put("embedding", base64(vector));
      } else {
        ArrayNode numbers = item.putArray("embedding");
        for (float number : vector) {
          numbers.add(number);
        }
      }
    }
    answer.put("model", request.path("model").asText());
    answer.putObject("usage").put("prompt_tokens", promptTokens).put("total_tokens", promptTokens);
    return JsonBytes.write(answer);
  }

  private static float[] vector(JsonNode text, int dimensions) {
    double[] sum = new double[dimensions];
    Matcher word = WORD.matcher(text.isTextual() ? text.asText() : text.toString());
    while (word.find()) {
      CRC32 hash = new CRC32();
      hash.update(word.group().toLowerCase(Locale.ROOT).getBytes(UTF_8));
      sum[(int) ((hash.getValue() >>> 1) % dimensions)] += (hash.getValue() & 1) == 0 ? 1 : -1;
    }
    double square = 0;
    for (double each : sum) {
      square += each * each;
    }
    float[] vector = new float[dimensions];
    for (int i = 0; i < dimensions; i++) {
      vector[i] = square == 0 ? 0 : (float) (sum[i] / Math.sqrt(square));
    }
    return vector;
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
