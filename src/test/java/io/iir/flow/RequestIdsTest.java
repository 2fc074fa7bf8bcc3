package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {

  @ParameterizedTest
  @ValueSource(strings = {"a", "req_0123456789abcdef", "6f0c2e5e-1b7a-4c1e-9d3b-1", "A.b-C_9"})
  void keepsAHarmlessId(String id) {
    assertThat(RequestIds.accept(id)).isEqualTo(id);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", " ", "a b", "a\r\nb", "%0d%0a", "<b>", "a,b", "\u00e9", "a\"b", "a/b"})
  void replacesAnyOther(@Nullable String id) {
    assertThat(RequestIds.accept(id)).matches("req_[0-9a-f]{28}");
  }

  @Test
  void keepsUpTo128Characters() {
    assertThat(RequestIds.accept("a".repeat(128))).hasSize(128).startsWith("aa");
    assertThat(RequestIds.accept("a".repeat(129))).startsWith("req_");
  }

  @Test
  void replacesWhatIsNoText() {
    assertThat(RequestIds.accept(List.of("a", "b"))).startsWith("req_");
  }

  @Test
  void beginsWithTheTime() {
    long before = System.currentTimeMillis();
    long said = Long.parseLong(RequestIds.accept(null).substring(4, 16), 16);
    assertThat(said).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void makesADifferentOneEachTime() {
    assertThat(RequestIds.accept(null)).isNotEqualTo(RequestIds.accept(null));
  }
}
