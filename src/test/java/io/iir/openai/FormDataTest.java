package io.iir.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FormDataTest {

  private static final String TYPE = "multipart/form-data; boundary=AaB";
  private static final String FIELD = "Content-Disposition: form-data; name=\"a\"\n\n";

  /** The parts of a body whose lines end in CRLF. */
  private static List<FormData.Part> parts(String lines) {
    return FormData.parse(bytes(lines), TYPE);
  }

  private static byte[] bytes(String lines) {
    return lines.replace("\n", "\r\n").getBytes(UTF_8);
  }

  @Test
  void findsEachPartWhereItLies() {
    byte[] body =
        bytes(
            """
            --AaB
            Content-Disposition: form-data; name="model"

            whisper-1
            --AaB \t
            content-type: audio/mpeg
            CONTENT-DISPOSITION: form-data; filename="a\\"; name=\\"model"; name=file
            Content-Transfer-Encoding: binary

            x--AaB
            --Aa
            --AaB
            Content-Disposition: form-data; name=""


            --AaB--
            """);
    List<FormData.Part> parts = FormData.parse(body, TYPE);
    assertThat(parts)
        .extracting(FormData.Part::name, FormData.Part::file, part -> text(body, part))
        .containsExactly(
            tuple("model", false, "whisper-1"),
            tuple("file", true, "x--AaB\r\n--Aa"),
            tuple("", false, ""));
  }

  private static String text(byte[] body, FormData.Part part) {
    return new String(body, part.start(), part.size(), ISO_8859_1);
  }

  @Test
  void takesALineBreakBeforeTheFirstBoundaryAndAFormWithoutParts() {
    assertThat(parts("\n--AaB\n" + FIELD + "b\n--AaB--")).hasSize(1);
    assertThat(parts("--AaB--\n")).isEmpty();
  }

  @Test
  void takesAQuotedBoundary() {
    assertThat(
            FormData.parse(
                bytes("--a b:c\n" + FIELD + "d\n--a b:c--"),
                "multipart/form-data; charset=utf-8; boundary=\"a b:c\""))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/json",
        "multipart/form-data",
        "multipart/mixed; boundary=AaB",
        "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"a \"",
        "multipart/form-data; boundary=\"ü\"",
        "multipart/form-data; boundary=AaB; boundary=b",
        "multipart/form-data; boundary=\"\r\nx\"",
        "multipart/form-data; boundary="
            + "12345678901234567890123456789012345678901234567890123456789012345678901"
      })
  void refusesATypeWithoutAUsableBoundary(String type) {
    assertThatThrownBy(() -> FormData.parse(bytes("--AaB--"), type))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error().status()).isEqualTo(400);
              assertThat(e.error().code()).isEqualTo("invalid_request");
              assertThat(e.error().message()).containsIgnoringCase("boundary");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "''|does not begin with the boundary",
        "preamble~--AaB--|does not begin with the boundary",
        "--Aab--|does not begin with the boundary",
        "--AaBc~|not followed by a line break, at byte offset 5",
        "--AaB|not followed by a line break, at byte offset 5",
        "--AaB~Content-Disposition: form-data; name=a~|Part 1 of the form has no end of its"
            + " headers",
        "--AaB~~b~--AaB--|Part 1 of the form has no end of its headers",
        "--AaB~Content-Type: text/plain~~b~--AaB--|headers of part 1",
        "--AaB~Content-Disposition: attachment; name=a~~b~--AaB--|headers of part 1",
        "--AaB~Content-Disposition: form-data~~b~--AaB--|headers of part 1",
        "--AaB~Content-Disposition: form-data;~ name=a~~b~--AaB--|headers of part 1",
        "--AaB~Content-Disposition: form-data; name=a~Content-Disposition: form-data;"
            + " name=b~~c~--AaB--|headers of part 1",
        "--AaB~Content-Disposition: form-data; name=a~Content-Transfer-Encoding:"
            + " base64~~b~--AaB--|headers of part 1",
        "--AaB~Content-Disposition: form-data; name=a~~b~|ends in the middle of part 1",
        "--AaB~Content-Disposition: form-data; name=a~~--AaB--|ends in the middle of part 1",
        "--AaB--~--AaB~|goes on behind its last boundary, at byte offset 9"
      })
  void saysWhatIsWrongWithABody(String body, String message) {
    assertThatThrownBy(() -> parts(body.replace('~', '\n')))
        .isInstanceOf(ApiException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesLineFeedsWithoutCarriageReturns() {
    byte[] body = ("--AaB\n" + FIELD + "b\n--AaB--").getBytes(UTF_8);
    assertThatThrownBy(() -> FormData.parse(body, TYPE)).hasMessageContaining("line break");
  }

  @Test
  void refusesTooManyPartsAndTooLongHeaders() {
    String part = "--AaB\n" + FIELD + "b\n";
    assertThat(parts(part.repeat(FormData.MAX_PARTS) + "--AaB--")).hasSize(FormData.MAX_PARTS);
    assertThatThrownBy(() -> parts(part.repeat(FormData.MAX_PARTS + 1) + "--AaB--"))
        .hasMessageContaining("more than 100 parts");
    assertThatThrownBy(() -> parts("--AaB\nX: " + "y".repeat(9_000) + "\n" + FIELD + "b\n--AaB--"))
        .hasMessageContaining("no end of its headers");
  }
}
