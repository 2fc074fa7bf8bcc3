package io.iir.classify.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The head's file, and what it tells. */
@Tag("encoder")
class HeadTest {

  private static byte[] file() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    new Head("1-3fa9c12b", 0.75f, new float[][] {{1, 2, 0.5f}, {-1, 0, 0}}).write(file);
    return file.toByteArray();
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    Head head = Head.read(new ByteArrayInputStream(file()), 2);
    assertThat(head.scores(new float[] {3, 4})).containsExactly(11.5, -3);
    assertThat(head.first()).isEqualTo("1-3fa9c12b");
    assertThat(head.firstWeight()).isEqualTo(0.75f);
  }

  @Test
  void isNotUsedDamaged() throws IOException {
    byte[] damaged = file();
    damaged[18]++;
    assertThatIOException()
        .isThrownBy(() -> Head.read(new ByteArrayInputStream(damaged), 2))
        .withMessage("the encoder's head is damaged: its checksum is wrong");
    assertThatIOException()
        .isThrownBy(() -> Head.read(new ByteArrayInputStream(new byte[3]), 2))
        .withMessage("the encoder's head is damaged: its checksum is wrong");
  }

  @Test
  void isNotUsedForOtherCategories() throws IOException {
    byte[] file = file();
    assertThatIOException()
        .isThrownBy(() -> Head.read(new ByteArrayInputStream(file), 8))
        .withMessage("the encoder's head is of another version of the gateway");
  }
}
