package io.iir.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  @Test
  void countsAsTheTextbookDoes() {
    Random random = new Random(5);
    for (int i = 0; i < 5000; i++) {
      String a = word(random);
      String b = word(random);
      assertThat(NearestName.distance(a, b)).as("%s, %s", a, b).isEqualTo(textbook(a, b));
    }
  }

  private static String word(Random random) {
    return random
        .ints(random.nextInt(65), 0, 4)
        .mapToObj("abc\u00e9"::charAt)
        .map(String::valueOf)
        .collect(Collectors.joining());
  }

  /** The optimal string alignment distance by its recurrence. */
  private static int textbook(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }

  @Test
  void looksAtABoundedNumberOfNames() {
    AtomicInteger seen = new AtomicInteger();
    List<String> names = IntStream.range(0, 100_000).mapToObj(i -> "model-" + i).toList();
    Collection<String> watched =
        new AbstractCollection<>() {
          @Override
          public Iterator<String> iterator() {
            return names.stream().peek(name -> seen.incrementAndGet()).iterator();
          }

          @Override
          public int size() {
            return names.size();
          }
        };
    assertThat(NearestName.of("x".repeat(10_000), watched, 10)).hasSize(10);
    assertThat(seen.get()).isLessThan(2 * NearestName.MOST);
  }
}
