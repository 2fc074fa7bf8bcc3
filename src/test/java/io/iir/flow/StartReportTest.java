package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartReportTest {

  private final StartReport report =
      new StartReport(
          "1.2.3",
          "http://localhost:8000",
          List.of(
              Map.entry("Address", "0.0.0.0"),
              Map.entry("Providers", "openai (environment, 52 models), sim (built in, 2 models)")),
          List.of("Requests travel unencrypted.", "A rule is not what decides."));

  @Test
  void forPeopleItIsABlock() {
    assertThat(report.block()).allMatch(line -> line.isEmpty() || line.startsWith("  "));
    assertThat(String.join("\n", report.block()).stripIndent())
        .isEqualTo(
            """
            Intelligent Inference Router 1.2.3 listens on http://localhost:8000
              Address    0.0.0.0
              Providers  openai (environment, 52 models), sim (built in, 2 models)

            WARNING: Requests travel unencrypted.
            WARNING: A rule is not what decides.\
            """);
  }

  @Test
  void withoutWarningsThereIsNoneToSee() {
    StartReport well = new StartReport("1", "u", report.facts(), List.of());
    assertThat(well.block()).hasSize(3).noneMatch(line -> line.contains("WARNING"));
  }

  @Test
  void forALogItIsALine() {
    assertThat(report.line())
        .isEqualTo(
            "Intelligent Inference Router 1.2.3 listens on http://localhost:8000; address: 0.0.0.0;"
                + " providers: openai (environment, 52 models), sim (built in, 2 models)");
  }
}
