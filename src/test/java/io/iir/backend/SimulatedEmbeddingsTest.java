package io.iir.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Gateway;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SimulatedEmbeddingsTest {

  private static JsonNode answer(String fields) {
    byte[] body = "{\"model\":\"echo\",%s}".formatted(fields.replace('\'', '"')).getBytes(UTF_8);
    return Gateway.json(new String(SimulatedEmbeddings.answer(body, 7), UTF_8));
  }

  private static double[] vector(JsonNode answer, int index) {
    JsonNode numbers = answer.path("data").path(index).path("embedding");
    double[] vector = new double[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = numbers.path(i).asDouble();
    }
    return vector;
  }

  private static double product(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  @Test
  void saysTheSameOfTheSameTextAndSimilarOfASimilarOne() {
    JsonNode answer = answer("'input':['The cat sat.','the CAT, sat','the cat ran','Börse']");
    double[] cat = vector(answer, 0);
    assertThat(cat).hasSize(256);
    assertThat(product(cat, cat)).isCloseTo(1, within(1e-6));
    assertThat(product(cat, vector(answer, 1))).isCloseTo(1, within(1e-6));
    assertThat(product(cat, vector(answer, 2))).isCloseTo(2.0 / 3, within(1e-6));
    assertThat(product(cat, vector(answer, 3))).isCloseTo(0, within(1e-6));
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(7);
    assertThat(answer.path("model").asText()).isEqualTo("echo");
  }

  @Test
  void makesAVectorForEachInput() {
    assertThat(answer("'input':'a b'").path("data")).hasSize(1);
    assertThat(answer("'input':[1,2,3]").path("data")).hasSize(1);
    assertThat(answer("'input':[[1,2],[3]]").path("data")).hasSize(2);
    assertThat(vector(answer("'input':'...'"), 0)).containsOnly(0.0);
    assertThat(vector(answer("'input':'a','dimensions':3"), 0)).hasSize(3);
    assertThat(vector(answer("'input':'a','dimensions':1000000000"), 0)).hasSize(4_096);
  }

  @Test
  void encodesWhatIsWantedInBase64() {
    String text =
        answer("'input':'a','dimensions':3,'encoding_format':'base64'")
            .at("/data/0/embedding")
            .asText();
    float[] numbers = new float[3];
    ByteBuffer.wrap(Base64.getDecoder().decode(text))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(numbers);
    double[] plain = vector(answer("'input':'a','dimensions':3"), 0);
    assertThat(new double[] {numbers[0], numbers[1], numbers[2]}).isEqualTo(plain);
  }
}
