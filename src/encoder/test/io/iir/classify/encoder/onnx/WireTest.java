package io.iir.classify.encoder.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iir.classify.encoder.onnx.Wire.Field;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages as Protocol Buffers' own guide writes them, and such that are none. */
@Tag("encoder")
class WireTest {

  private static byte[] bytes(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  @Test
  void readsFieldsOfEachType() {
    byte[] all =
        bytes("08 96 01 12 07 74 65 73 74 69 6e 67 1d 00 00 00 00 a1 06 01 02 03 04 05 06 07 08");
    List<Field> fields = Wire.fields(all, 0, all.length);
    assertThat(fields).extracting(Field::number).containsExactly(1, 2, 3, 100);
    assertThat(fields.get(1).text(all)).isEqualTo("testing");
    assertThat(fields.getLast().to()).isEqualTo(all.length);
    ByteArrayOutputStream copy = new ByteArrayOutputStream();
    fields.forEach(field -> field.copy(all, copy));
    assertThat(copy.toByteArray()).isEqualTo(all);
  }

  @Test
  void readsWhatItWrites() {
    byte[] value = new byte[300];
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Wire.put(out, 2_000, value);
    byte[] all = out.toByteArray();
    assertThat(Wire.fields(all, 0, all.length))
        .containsExactly(new Field(2_000, 0, all.length - value.length, all.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80", // a number without its end
        "08", // no value
        "08 96", // half a value
        "12", // no length
        "12 80", // half a length
        "12 07 74", // less than its length
        "12 ff ff ff ff ff ff ff ff ff 01", // a length below nothing
        "12 ff ff ff ff 0f", // longer than any array
        "1d 00 00", // less than four bytes
        "21 00 00 00 00" // less than eight
      })
  void refusesWhatIsCutShort(String hex) {
    byte[] all = bytes(hex);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Wire.fields(all, 0, all.length))
        .withMessageStartingWith("cut short at byte 0");
  }
}
