package io.iir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySecretTest {

  @Test
  void makesSecretsOfTheFormItKnows() {
    SecureRandom random = new SecureRandom();
    Set<String> secrets = new HashSet<>();
    Set<Integer> characters = new HashSet<>();
    for (int i = 0; i < 500; i++) {
      String secret = KeySecret.generate(random);
      assertThat(secret).matches("sk-iir-[0-9A-Za-z]{43}");
      assertThat(KeySecret.hasForm(secret)).isTrue();
      secrets.add(secret);
      secret.substring(7).chars().forEach(characters::add);
    }
    assertThat(secrets).hasSize(500);
    assertThat(characters).hasSize(62);
  }

  @Test
  void showsOnlyTheBeginning() {
    assertThat(KeySecret.prefix("sk-iir-abcdefgh")).isEqualTo("sk-iir-abcd…");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sk-iir-",
        "sk-iir-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "sk-iir-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "sk-iir-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-",
        "sk-iiR-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      })
  void knowsNoOtherForm(String text) {
    assertThat(KeySecret.hasForm(text)).isFalse();
  }
}
