package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.rules.language.Facts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionLogTest {

  private static List<String> ids(DecisionLog log, int most) {
    return log.last(most).stream().map(DecisionRecord::requestId).toList();
  }

  private static DecisionLog log(int size, int records) {
    DecisionLog log = new DecisionLog(size, 1000);
    for (int i = 0; i < records; i++) {
      Decision decision = new Decision("sim/echo", null, "r", null, null, List.of(), 1, null);
      log.add(
          new DecisionRecord(
              Instant.EPOCH, Integer.toString(i), new Facts(Map.of()), List.of(), decision));
    }
    return log;
  }

  @Test
  void keepsTheLastInTheirOrder() {
    assertThat(ids(log(3, 2), 10)).containsExactly("0", "1");
    assertThat(ids(log(3, 7), 10)).containsExactly("4", "5", "6");
    assertThat(ids(log(3, 7), 2)).containsExactly("5", "6");
  }

  @Test
  void keepsNoneWhereNoneIsWanted() {
    assertThat(ids(log(0, 7), 10)).isEmpty();
  }

  @Test
  void wantsNoMoreThanSoManyASecond() {
    DecisionLog log = new DecisionLog(10, 2);
    assertThat(log.wants(5000)).isTrue();
    assertThat(log.wants(5500)).isTrue();
    assertThat(log.wants(5999)).isFalse();
    assertThat(log.wants(6000)).isTrue();
    assertThat(new DecisionLog(0, 2).wants(5000)).isFalse();
  }
}
