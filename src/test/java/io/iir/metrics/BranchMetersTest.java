package io.iir.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Branches count alone as long as someone holds them, and give their places back. */
class BranchMetersTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final BranchMeters branches = new BranchMeters(registry);

  @Test
  void aBranchThatTwoHoldStaysUntilBothHaveGivenItBack() {
    BranchMeters.Taken old = branches.take("route", "cheap");
    old.counter().increment();
    BranchMeters.Taken next = branches.take("route", "cheap");
    next.counter().increment();

    old.giveBack().run();
    assertThat(registry.get("iir.rules.branch.hits").tag("branch", "cheap").counter().count())
        .isEqualTo(2);

    next.giveBack().run();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void placesThatAreGivenBackAreTakenByOthers() {
    List<BranchMeters.Taken> first = new ArrayList<>();
    for (int i = 0; i < BranchMeters.MOST; i++) {
      first.add(branches.take("route", "b" + i));
    }
    BranchMeters.Taken late = branches.take("route", "late");
    assertThat(late.counter().getId().getTag("branch")).isEqualTo("other");

    first.forEach(taken -> taken.giveBack().run());
    assertThat(branches.take("route", "late").counter().getId().getTag("branch")).isEqualTo("late");

    late.giveBack().run();
    assertThat(registry.getMeters())
        .extracting(meter -> meter.getId().getTag("branch"))
        .containsExactly("late");
  }
}
