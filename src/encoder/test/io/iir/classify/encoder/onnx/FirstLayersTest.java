package io.iir.classify.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A model that is cut computes what it computed before, and less. */
@Tag("encoder")
class FirstLayersTest {

  private static final String SECOND = "/encoder/layer.1/output/LayerNorm/Add_1_output_0";
  private static final String SIXTH = "/encoder/layer.5/output/LayerNorm/Add_1_output_0";
  private static final String LAST = "last_hidden_state";

  private static byte[] model() throws IOException {
    try (InputStream in = FirstLayersTest.class.getResourceAsStream("/e5-small-v2-q.onnx")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }

  @Test
  void theLastLayersOutputIsTheWholeModels() throws IOException, OrtException {
    byte[] model = model();
    assertThat(output(FirstLayers.of(model, LAST))).containsExactly(output(model));
  }

  @Test
  void cutOnceOrTwiceItTellsTheSame() throws IOException, OrtException {
    byte[] sixth = FirstLayers.of(model(), SIXTH);
    byte[] second = FirstLayers.of(model(), SECOND);
    assertThat(second.length).isLessThan(sixth.length).isLessThan(model().length);
    assertThat(FirstLayers.of(sixth, SECOND)).isEqualTo(second);
    assertThat(output(second)).hasSize(4 * 384).isNotEqualTo(output(sixth));
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    byte[] model = model();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FirstLayers.of(model, "layer 99"))
        .withMessage("The model has no layer 99.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FirstLayers.of(Arrays.copyOf(model, model.length / 2), SIXTH))
        .withMessageStartingWith("cut short at byte");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FirstLayers.of(new byte[] {7, 7, 7}, SIXTH))
        .withMessage("no message at byte 0");
  }

  private static float[] output(byte[] model) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[][] ones = {{1, 1, 1, 1}};
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = environment.createSession(model, options);
        OnnxTensor ids =
            OnnxTensor.createTensor(environment, new long[][] {{101, 7592, 2088, 102}});
        OnnxTensor mask = OnnxTensor.createTensor(environment, ones);
        OnnxTensor types = OnnxTensor.createTensor(environment, new long[1][4]);
        OrtSession.Result result =
            session.run(
                Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
      assertThat(result.size()).isEqualTo(1);
      float[] output = new float[4 * 384];
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(output);
      return output;
    }
  }
}
