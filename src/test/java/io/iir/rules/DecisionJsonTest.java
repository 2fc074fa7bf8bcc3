package io.iir.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.provider.ModelPattern;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import io.iir.rules.language.Knob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecisionJsonTest {

  private static Facts facts() {
    Facts facts = new Facts(Map.of("x-tenant", "acme", "user-agent", "a \"b\""));
    for (Fact fact : Fact.values()) {
      facts.with(fact, value(fact));
    }
    return facts;
  }

  private static Object value(Fact fact) {
    if (fact.type() == Integer.class) {
      return 7;
    }
    if (fact.type() == Double.class) {
      return 0.125;
    }
    if (fact.type() == Boolean.class) {
      return true;
    }
    return fact.type() == List.class ? List.of("a=b", "c=d") : "text of " + fact.word();
  }

  private static DecisionRecord record(Facts facts, String targets) {
    Verdict verdict =
        new DecisionReader()
            .read(
                Map.of(
                    Knob.TARGETS.word(), targets,
                    Knob.REASON.word(), "some-case",
                    Knob.TAGS.word(), "project=x, tier=gold"),
                facts,
                3);
    return new DecisionRecord(
        Instant.parse("2026-03-01T09:30:00.123Z"),
        "req-1",
        facts,
        List.of(new ModelPattern("openai/*"), new ModelPattern("sim/echo")),
        (Decision) verdict);
  }

  private static DecisionRecord again(DecisionRecord record) {
    return DecisionJson.read(DecisionJson.write(record).toString());
  }

  @Test
  void whatIsWrittenIsReadTheSame() {
    DecisionRecord record = record(facts(), "cheapest(openai/*), sim/echo");
    record.end(new DecisionRecord.Ending("openai/gpt-4o", 5, 6));
    DecisionRecord read = again(record);
    assertThat(read.at()).isEqualTo(record.at());
    assertThat(read.requestId()).isEqualTo("req-1");
    assertThat(read.facts().set()).isEqualTo(record.facts().set());
    assertThat(read.facts().headers()).isEqualTo(record.facts().headers());
    assertThat(read.allowed()).isEqualTo(record.allowed());
    assertThat(read.decision().text()).isEqualTo(record.decision().text());
    assertThat(read.decision().reason()).isEqualTo("some-case");
    assertThat(read.decision().tags()).containsExactly("project=x", "tier=gold");
    assertThat(read.decision().set()).isEqualTo(3);
    assertThat(read.ending()).isEqualTo(record.ending());
    assertThat(DecisionJson.write(read).toString())
        .isEqualTo(DecisionJson.write(record).toString());
  }

  @Test
  void aRequestThatNobodyAnsweredOrThatGoesOnIsReadTheSame() {
    DecisionRecord record = record(facts(), "sim/echo");
    assertThat(again(record).ending()).isNull();
    record.end(new DecisionRecord.Ending(null, 5, 0));
    assertThat(again(record).ending()).isEqualTo(record.ending());
  }

  @Test
  void aNamedModelStaysOneWhateverItsName() {
    Facts named = new Facts(Map.of()).with(Fact.PROVIDER, "p").with(Fact.MODEL, "a, (b");
    DecisionRecord read = again(record(named, "p/a, (b"));
    assertThat(read.decision().targets()).isNull();
    assertThat(read.decision().text()).isEqualTo("p/a, (b");
  }

  @Test
  void whatIsNotKnownIsLeftOut() {
    DecisionRecord read =
        DecisionJson.read(
            """
            {"facts": {"hour": 3, "phaseOfTheMoon": 1}, "targets": "sim/echo", "more": []}\
            """);
    assertThat(read.facts().set()).containsOnlyKeys(Fact.HOUR);
    assertThat(read.allowed()).containsExactly(ModelPattern.ALL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                                                        | is not JSON
          []                                                       | has no 'facts'
          {"facts": {}}                                            | has no 'facts' or no 'targets'
          {"facts": {}, "targets": ""}                             | no step set targets
          {"facts": {}, "targets": "cheapest("}                    | expected a model or a set
          {"facts": {}, "targets": "sim/echo", "at": "yesterday"}  | no time: yesterday
          """)
  void aLineThatIsNoneIsRefused(String line, String says) {
    assertThatThrownBy(() -> DecisionJson.read(line))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(says);
  }
}
