package io.iir.rules;

import io.iir.config.Capability;
import io.iir.config.ModelSettings;
import io.iir.provider.ModelPattern;
import io.iir.provider.ModelTraffic;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.TargetList;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Exports for tests: two priced models of {@code vllm} and the simulator. */
public final class Exports {

  private Exports() {}

  /**
   * A record of {@code count} decisions for {@code vllm/big}, every second one of a coding team.
   */
  public static DecisionExport of(int count) {
    ProviderDirectory directory =
        new ProviderDirectory(
            List.of(Provider.openai("vllm", URI.create("http://10.0.0.7/v1")), Provider.sim("sim")),
            List.of(),
            Map.of(),
            List.of(model("vllm/big", "2.5", "10"), model("vllm/mini", "0.15", "0.6")),
            new ModelTraffic());
    List<DecisionRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      records.add(record(i));
    }
    return new DecisionExport(directory, Set.of("x-tenant"), records);
  }

  private static ModelSettings model(String id, String input, String output) {
    return new ModelSettings(
        id,
        null,
        32_768,
        null,
        new ModelSettings.Price(new BigDecimal(input), new BigDecimal(output)),
        0.7,
        List.of(Capability.TOOLS));
  }

  private static DecisionRecord record(int number) {
    boolean coding = number % 2 == 0;
    Facts facts =
        new Facts(Map.of("x-tenant", "t" + number))
            .with(Fact.PROVIDER, "auto")
            .with(Fact.MODEL, "")
            .with(Fact.STRATEGY, "auto")
            .with(Fact.CATEGORY, coding ? "coding" : "chat")
            .with(Fact.COMPLEXITY, number / 100.0)
            .with(Fact.CONFIDENCE, 0.9)
            .with(Fact.LANGUAGE, "en")
            .with(Fact.PROMPT_TOKENS, 100 + number)
            .with(Fact.MAX_TOKENS, 0)
            .with(Fact.STREAM, false)
            .with(Fact.HAS_TOOLS, coding)
            .with(Fact.HAS_IMAGES, false)
            .with(Fact.JSON_MODE, false)
            .with(Fact.TEAM, coding ? "builders" : null)
            .with(Fact.KEY, "app")
            .with(Fact.TAGS, List.of())
            .with(Fact.HOUR, 12)
            .with(Fact.WEEKDAY, "MONDAY")
            .with(Fact.DICE, number % 100)
            .with(Fact.LOCAL_LOADED, List.of("vllm/big"))
            .with(Fact.LOCAL_BUSY, 0);
    Decision decision =
        new Decision(
            "vllm/big", TargetList.parse("vllm/big"), "was", null, null, List.of(), 1, null);
    DecisionRecord record =
        new DecisionRecord(
            Instant.ofEpochSecond(number),
            "req-" + number,
            facts,
            List.of(ModelPattern.ALL),
            decision);
    if (number % 3 == 0) {
      record.end(new DecisionRecord.Ending("vllm/big", 200, 50));
    }
    return record;
  }
}
