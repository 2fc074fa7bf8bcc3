package io.iir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {

  @ParameterizedTest
  @ValueSource(strings = {"Bearer abc", "bearer abc", "BEARER abc", "bEaReR   abc"})
  void readsTheToken(String header) {
    BearerToken token = Objects.requireNonNull(BearerToken.parse(header));

    assertThat(token.hash()).isEqualTo(KeyHash.of("abc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer a", "Bearer aZ0-._~+/==", "Bearer sk-iir-x"})
  void takesAllCharactersOfTheRfc(String header) {
    assertThat(BearerToken.parse(header)).isNotNull();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearerabc",
        "Bearer\tabc",
        "Basic YTpi",
        "abc",
        "Bearer a b",
        "Bearer a,b",
        "Bearer a=b",
        "Bearer ==",
        "Bearer abc ",
        "Bearer \u00e4bc",
        "Bearer abc\n",
        " Bearer abc"
      })
  void knowsNoOtherForm(String header) {
    assertThat(BearerToken.parse(header)).isNull();
  }

  @Test
  void doesNotShowItself() {
    assertThat(BearerToken.parse("Bearer secret")).asString().doesNotContain("secret");
  }

  @Test
  void hashesBySha256() {
    assertThat(KeyHash.of("abc").hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
