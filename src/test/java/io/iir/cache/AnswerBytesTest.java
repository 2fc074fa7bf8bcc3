package io.iir.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerBytesTest {

  private static final Instant NOW = Instant.ofEpochMilli(1_750_000_000_123L);

  static CachedAnswer answer(String model, @Nullable String team, String completion) {
    return new CachedAnswer(
        completion.getBytes(UTF_8), "openai", model, "key_1", team, NOW, Duration.ofMinutes(5));
  }

  private static byte[] write(CachedAnswer answer) {
    return Objects.requireNonNull(AnswerBytes.write("k", answer));
  }

  @Test
  void readsWhatItWrote() {
    check("search");
    check(null);
  }

  private static void check(@Nullable String team) {
    CachedAnswer answer = answer("gpt-é", team, "{\"a\":\"😀\"}");
    byte[] bytes = write(answer);
    assertThat(AnswerBytes.read("k", bytes)).usingRecursiveComparison().isEqualTo(answer);
    assertThat(AnswerBytes.header(bytes))
        .isEqualTo(new AnswerBytes.Header("openai", "gpt-é", "key_1", team));
  }

  @Test
  void readsNothingElse() {
    byte[] bytes = write(answer("m", "t", "{}"));
    assertThat(AnswerBytes.read("another key", bytes)).isNull();
    Random random = new Random(1);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThat(AnswerBytes.read("k", cut)).isNull();
      byte[] changed = bytes.clone();
      changed[length] ^= (byte) (1 + random.nextInt(255));
      assertThat(AnswerBytes.read("k", changed)).isNull();
      AnswerBytes.header(cut);
      AnswerBytes.header(changed);
    }
    assertThat(AnswerBytes.header("garbage".getBytes(UTF_8))).isNull();
  }

  @Test
  void theHeaderIsInTheFirstBytes() {
    String name = "n".repeat(2_000);
    byte[] bytes =
        write(new CachedAnswer(new byte[9_000], name, name, name, name, NOW, Duration.ZERO));
    assertThat(AnswerBytes.header(Arrays.copyOf(bytes, AnswerBytes.HEADER))).isNotNull();
    assertThat(AnswerBytes.write("k", answer(name + "n", null, "{}"))).isNull();
  }
}
