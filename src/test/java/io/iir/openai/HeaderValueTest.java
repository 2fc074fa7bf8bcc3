package io.iir.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {

  @Test
  void readsParametersQuotedOrNot() {
    assertThat(HeaderValue.of("Multipart/Form-Data; charset=utf-8 ;Boundary=\"a; b=\\\"c\\\\\" "))
        .isEqualTo(
            new HeaderValue(
                "multipart/form-data", Map.of("charset", "utf-8", "boundary", "a; b=\"c\\")));
    assertThat(HeaderValue.of("form-data")).isEqualTo(new HeaderValue("form-data", Map.of()));
    assertThat(HeaderValue.of("form-data; name=\"\"; filename*=UTF-8''n%C3%A4.mp3"))
        .isEqualTo(
            new HeaderValue("form-data", Map.of("name", "", "filename*", "UTF-8''n%C3%A4.mp3")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";name=a",
        "form-data; name",
        "form-data; name=",
        "form-data; name=\"a",
        "form-data; name=\"a\" b",
        "form-data name=a",
        "form-data; name=a; NAME=b"
      })
  void refusesWhatIsNotOfTheForm(String text) {
    assertThat(HeaderValue.of(text)).isNull();
  }

  @Test
  void readsLongValues() {
    String name = "a\\\"".repeat(2_700);
    HeaderValue value = Objects.requireNonNull(HeaderValue.of("form-data; name=\"" + name + "\""));
    assertThat(value.parameters()).containsEntry("name", "a\"".repeat(2_700));
  }
}
