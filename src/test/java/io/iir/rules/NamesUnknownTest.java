package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.ModelSettings;
import io.iir.provider.ModelPattern;
import io.iir.provider.ModelPolicy;
import io.iir.provider.ModelTraffic;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.language.Facts;
import io.iir.rules.language.Knob;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesUnknownTest {

  private final ProviderDirectory directory =
      new ProviderDirectory(
          List.of(
              closed(Provider.openai("hosted", URI.create("https://p.example.org/v1"))),
              Provider.openai("mybox", URI.create("http://127.0.0.1:9/v1"))),
          List.of(9),
          Map.of(),
          List.of(new ModelSettings("hosted/known", null, 8000, null, null, null, null)),
          new ModelTraffic());

  /** One whose models are written down. */
  private static Provider closed(Provider open) {
    return new Provider(
        open.name(),
        open.protocol(),
        open.baseUrl(),
        open.apiKey(),
        new ModelPolicy.Listed(List.of("known")),
        open.timeouts(),
        open.maxConnections(),
        open.maxPending(),
        open.vendor());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          hosted/gone              | true
          hosted/gone, hosted/away | true
          hosted/gone, local       | false
          hosted/gone, mybox/*     | false
          hosted/gone, mybox/a     | false
          hosted/gone, local/a     | false
          gone/x                   | false
          gone/x, local            | false
          best(hosted/gone)        | false
          """)
  void onlyNamesOfConfiguredHostedProvidersFallBack(String targets, boolean unknown) {
    Facts facts = new Facts(Map.of());
    Decision decision =
        (Decision) new DecisionReader().read(Map.of(Knob.TARGETS.word(), targets), facts, 1);
    assertThat(Choosing.namesUnknown(decision, facts, List.of(ModelPattern.ALL), directory))
        .isEqualTo(unknown);
  }
}
