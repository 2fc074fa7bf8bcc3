package io.iir.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.iir.openai.ApiException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypesTest {

  private static final String JSON = "application/json";

  private static HttpHeaders header(String name, String value) {
    return new DefaultHttpHeaders().set(name, value);
  }

  private static void assertUnsupported(HttpHeaders headers, String says) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> MediaTypes.check(JSON, headers))
        .satisfies(refusal -> {
          assertThat(refusal.error().status()).isEqualTo(415);
          assertThat(refusal.error().code()).isEqualTo("unsupported_media_type");
          assertThat(refusal.error().message()).contains(says);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json;charset=utf-8",
        "application/json ; x",
        ""
      })
  void takesItsType(String type) {
    assertThatNoException().isThrownBy(() -> MediaTypes.check(JSON, header("Content-Type", type)));
  }

  @Test
  void takesEachOfSeveralTypes() {
    String several = JSON + ",application/merge-patch+json";
    assertThatNoException()
        .isThrownBy(() -> {
          MediaTypes.check(several, header("Content-Type", JSON));
          MediaTypes.check(several, header("Content-Type", "application/merge-patch+json; a=b"));
        });
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> MediaTypes.check(several, header("Content-Type", "merge-patch+json")))
        .withMessageContaining("application/json or application/merge-patch+json");
  }

  @Test
  void takesARequestWithoutATypeAtItsWord() {
    assertThatNoException().isThrownBy(() -> MediaTypes.check(JSON, new DefaultHttpHeaders()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"})
  void refusesAnother(String type) {
    assertUnsupported(header("Content-Type", type), "send Content-Type: application/json");
  }

  @Test
  void takesAnyTypeWhereNoneIsAskedFor() {
    assertThatNoException()
        .isThrownBy(() -> MediaTypes.check(null, header("Content-Type", "text/plain")));
  }

  /** What can be inflated has been by now, and its Content-Encoding taken off. */
  @ParameterizedTest
  @ValueSource(strings = {"br", "zstd", "rot13", "gzip, gzip", "compress"})
  void refusesACodingThatIsLeft(String coding) {
    assertUnsupported(header("Content-Encoding", coding), "'" + coding + "' is not supported");
  }

  @Test
  void takesIdentity() {
    assertThatNoException()
        .isThrownBy(() -> MediaTypes.check(JSON, header("Content-Encoding", "Identity")));
  }
}
