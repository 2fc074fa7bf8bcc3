package io.iir.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.provider.ModelPattern;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemoryAnswersTest {

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.ofEpochMilli(1_750_000_000_123L));
  private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);

  @Test
  void keepsAsManyAsItMay() {
    MemoryAnswers answers = new MemoryAnswers(1_000_000, 10, clock);
    for (int i = 0; i < 100; i++) {
      answers.store("k" + i, AnswerBytesTest.answer("m", null, "{}"));
    }
    assertThat(answers.entries()).isBetween(1L, 10L);
    assertThat(answers.evictions()).isEqualTo(100 - answers.entries());
  }

  @Test
  void keepsNoMoreBytesThanItMay() {
    MemoryAnswers answers = new MemoryAnswers(10_000, 1_000_000, clock);
    for (int i = 0; i < 100; i++) {
      answers.store("k" + i, AnswerBytesTest.answer("m", null, "x".repeat(1_000)));
    }
    assertThat(answers.bytes()).isBetween(1L, 10_000L);
    answers.clear(CacheFilter.ALL);
    assertThat(answers.bytes()).isZero();
    assertThat(answers.entries()).isZero();
  }

  @Test
  void countsAnAnswerThatIsReplacedOnce() {
    MemoryAnswers answers = new MemoryAnswers(1_000_000, 1_000, clock);
    answers.store("k", AnswerBytesTest.answer("m", null, "xx"));
    long bytes = answers.bytes();
    answers.store("k", AnswerBytesTest.answer("m", null, "yy"));
    assertThat(answers.bytes()).isEqualTo(bytes);
  }

  @Test
  void keepsNothingWhoseTimeIsOver() {
    MemoryAnswers answers = new MemoryAnswers(1_000_000, 1_000, clock);
    now.set(now.get().plus(Duration.ofMinutes(6)));
    answers.store("k", AnswerBytesTest.answer("m", null, "{}"));
    assertThat(answers.find("k")).isNull();
  }

  @Test
  void clearsWhatIsMeant() {
    MemoryAnswers answers = new MemoryAnswers(1_000_000, 1_000, clock);
    answers.store("1", AnswerBytesTest.answer("m", "red", "{}"));
    answers.store("2", AnswerBytesTest.answer("m", "blue", "{}"));
    answers.store("3", AnswerBytesTest.answer("n", null, "{}"));
    ModelPattern model = new ModelPattern("openai/m");
    assertThat(answers.clear(new CacheFilter("red", model, "key_2"))).isZero();
    assertThat(answers.clear(new CacheFilter("red", model, "key_1"))).isEqualTo(1);
    assertThat(answers.clear(new CacheFilter(null, model, null))).isEqualTo(1);
    CacheFilter said = CacheFilter.of(new CacheFilter(null, null, "key_1").toJson().toString());
    assertThat(answers.clear(said)).isEqualTo(1);
    assertThat(CacheFilter.of("nonsense").isAll()).isTrue();
  }
}
