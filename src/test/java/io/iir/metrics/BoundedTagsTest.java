package io.iir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A tag never gets more values than it may have. */
class BoundedTagsTest {

  private static final List<String> FIRST = List.of("known", "kept");

  @Test
  void theFirstCountAlone() {
    BoundedTags tags = new BoundedTags(3, FIRST);
    assertThat(tags.of("a")).isEqualTo("a");
    assertThat(tags.of("b")).isEqualTo("other");
    assertThat(tags.of("a")).as("as before").isEqualTo("a");
    assertThat(tags.of("kept")).as("however late").isEqualTo("kept");
  }

  @Test
  void moreThanThereMayBeAreNotKept() {
    assertThat(new BoundedTags(1, FIRST).of("kept")).isEqualTo("other");
  }

  @Test
  void manyAtOnce() {
    BoundedTags tags = new BoundedTags(200, FIRST);
    long alone =
        IntStream.range(0, 10_000)
            .parallel()
            .mapToObj(i -> tags.of("team " + i))
            .filter(tag -> !tag.equals("other"))
            .distinct()
            .count();
    assertThat(alone).isEqualTo(198);
  }
}
