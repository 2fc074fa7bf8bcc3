package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iir.openai.Operation;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was written and read again chooses as before. */
class DirectoryJsonTest {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Catalogue catalogue = new Catalogue();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "any",
        "local, hosted",
        "cheapest",
        "best(hosted)",
        "fastest",
        "fastest(hosted), vllm/*",
        "cheapest(tools, context >= 100k), groq/quick",
        "best(price <= 1)",
        "weighted(openai/big: 90, vllm/qwen: 10)",
        "openai/unlisted, groq/unlisted, sim/echo"
      })
  void choosesTheSame(String targets) throws IOException {
    catalogue.stream("openai/big", 0.3, 1);
    catalogue.stream("vllm/qwen", 0.1, 4.7);
    catalogue.stream("groq/quick", 0.123456789, 0.777);
    ProviderDirectory again = DirectoryJson.read(sent());
    for (Needs needs :
        List.of(
            Needs.NOTHING,
            new Needs(Operation.CHAT, 9000, 500, true, false, false, 3, List.of(ModelPattern.ALL)),
            new Needs(
                Operation.CHAT,
                10,
                0,
                false,
                true,
                true,
                97,
                List.of(new ModelPattern("openai/*"))))) {
      Explanation before = TargetList.parse(targets).explain(catalogue.directory, needs);
      Explanation after = TargetList.parse(targets).explain(again, needs);
      assertThat(after.chosen()).hasToString(before.chosen().toString());
      assertThat(after.leftOut()).hasToString(before.leftOut().toString());
      assertThat(after.chosen())
          .extracting(Candidate::facts)
          .isEqualTo(before.chosen().stream().map(Candidate::facts).toList());
    }
  }

  @Test
  void aliasesAndProvidersStay() throws IOException {
    ProviderDirectory first =
        new ProviderDirectory(
            List.of(ProviderDirectoryTest.vendor("openrouter"), Provider.sim("sim")),
            List.of(),
            Map.of("gpt", "sim/echo"));
    ProviderDirectoryTest.lists(first, first.providers().getFirst(), "a/b");
    ProviderDirectory again =
        DirectoryJson.read(JSON.readTree(DirectoryJson.write(first).toString()));
    assertThat(again.alias("gpt")).isEqualTo("sim/echo");
    assertThat(again.providers()).extracting(Provider::name).containsExactly("openrouter", "sim");
    assertThat(again.providers()).extracting(Provider::isHosted).containsExactly(true, false);
    assertThat(again.candidate(new ModelName("openrouter", "a/b:free"))).isNotNull();
    assertThat(again.candidate(new ModelName("openrouter", "c"))).isNull();
  }

  @Test
  void nothingOfHowAProviderIsReachedIsWritten() {
    assertThat(DirectoryJson.write(catalogue.directory).toString())
        .doesNotContain("http")
        .doesNotContain("10.0.0.7");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|no list 'providers'",
        "{'providers':[{'kind':'local'}]}|without a name",
        "{'providers':[{'name':'a','kind':'near'}]}|'near'",
        "{'providers':[{'name':'a','kind':'sim','models':[{'id':'b/c'}]}]}|'b/c'",
        "{'providers':[{'name':'a','kind':'sim','models':[{'id':'a/c','can':['fly']}]}]}|'fly'"
      })
  void whatIsWrongIsSaid(String view, String message) throws IOException {
    JsonNode broken = JSON.readTree(view.replace('\'', '"'));
    assertThatThrownBy(() -> DirectoryJson.read(broken))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private JsonNode sent() throws IOException {
    return JSON.readTree(DirectoryJson.write(catalogue.directory).toString());
  }
}
