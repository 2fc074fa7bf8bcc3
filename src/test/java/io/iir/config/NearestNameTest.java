package io.iir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

  @ParameterizedTest
  @CsvSource({
    "a,a,0",
    "ab,ba,1",
    "abc,ac,1",
    "ac,abc,1",
    "abc,axc,1",
    "'',abc,3",
    "ABC,abc,0",
    "ca,abc,3"
  })
  void countsSlips(String left, String right, int distance) {
    assertThat(NearestName.distance(left, right)).isEqualTo(distance);
  }

  @Test
  void isNearOrNone() {
    assertThat(NearestName.of("opneai", List.of("groq", "openai"))).isEqualTo("openai");
    assertThat(NearestName.of("zzzzzz", List.of("groq", "openai"))).isNull();
    assertThat(NearestName.of("llama", List.of("meta-llama-3-70b"))).isEqualTo("meta-llama-3-70b");
    assertThat(NearestName.of("x", List.of())).isNull();
  }

  @Test
  void putsThoseThatHoldItFirst() {
    assertThat(NearestName.of("4o", List.of("o3", "gpt-4o-mini", "gpt-4o"), 2))
        .containsExactly("gpt-4o", "gpt-4o-mini");
  }
}
