package io.iir.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.registry.Changes.Before;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangesTest {

  @Test
  void theFirstListIsNew() {
    assertThat(Changes.of(Map.of(), List.of("a", "b")))
        .isEqualTo(new Changes(2, List.of("a", "b"), List.of(), List.of()));
  }

  @Test
  void whatIsNotListedHasGoneOnceAndMayComeBack() {
    Map<String, Before> before =
        Map.of(
            "stays", Before.THERE, "goes", Before.THERE, "was", Before.GONE, "back", Before.GONE);
    assertThat(Changes.of(before, List.of("stays", "back", "new")))
        .isEqualTo(new Changes(3, List.of("new"), List.of("goes"), List.of("back")));
  }

  @Test
  void anEmptyListIsThatAllHasGone() {
    assertThat(Changes.of(Map.of("a", Before.THERE), List.of()))
        .isEqualTo(new Changes(0, List.of(), List.of("a"), List.of()));
  }
}
