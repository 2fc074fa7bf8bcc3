package io.iir.protocol.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.backend.Origin;
import io.iir.config.AuthForm;
import io.iir.config.Secret;
import io.iir.provider.Access;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {

  private static HttpHeaders put(AuthForm form, @Nullable Secret key) {
    HttpHeaders headers = new DefaultHttpHeaders();
    assertThat(
            Credentials.of(new Access(form, "r", ""), key)
                .put(headers, new Origin(true, "h", 443), "/p", new byte[0]))
        .isNull();
    return headers;
  }

  @ParameterizedTest
  @CsvSource({
    "BEARER, authorization, Bearer k",
    "API_KEY, api-key, k",
    "X_API_KEY, x-api-key, k",
    "X_GOOG_API_KEY, x-goog-api-key, k",
    "AWS, authorization, Bearer k",
    "GOOGLE, x-goog-api-key, k"
  })
  void aKeyGoesInTheHeaderOfItsForm(AuthForm form, String header, String value) {
    HttpHeaders headers = put(form, Secret.of("k"));
    assertThat(headers.names()).containsExactly(header);
    assertThat(headers.get(header)).isEqualTo(value);
  }

  @Test
  void withoutAKeyNothingIsSent() {
    assertThat(put(AuthForm.BEARER, null).isEmpty()).isTrue();
    assertThat(put(AuthForm.X_API_KEY, Secret.of("")).isEmpty()).isTrue();
  }

  @Test
  void aKeyThatEndsItsHeaderIsRefused() {
    assertThatThrownBy(() -> put(AuthForm.API_KEY, Secret.of("a\r\nb: c")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noKeyIsPrinted() {
    assertThat(Credentials.of(new Access(AuthForm.API_KEY, "", ""), Secret.of("geheim")).toString())
        .isEqualTo("KeyHeader[api-key]");
  }
}
