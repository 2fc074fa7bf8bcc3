package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each vendor is sent the limit that a budget needs, by the name that the vendor has for it. */
class SentLimitIT {

  private static final String[] BEDROCK = {"aws.accessKeyId", "aws.secretAccessKey"};

  private static FakeProvider vendor;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    for (String name : BEDROCK) {
      System.setProperty(name, "AKIDEXAMPLE");
    }
    vendor = new FakeProvider(call -> call.json(400, "{}"));
    String root = vendor.baseUrl().replace("/v1", "");
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("openai", vendor.baseUrl()),
                new String[] {
                  "iir.providers.anthropic.protocol=anthropic",
                  "iir.providers.anthropic.base-url=" + vendor.baseUrl(),
                  "iir.providers.anthropic.api-key=sk-upstream",
                  "iir.providers.anthropic.models=any",
                  "iir.providers.gemini.protocol=gemini",
                  "iir.providers.gemini.base-url=" + vendor.baseUrl() + "beta",
                  "iir.providers.gemini.api-key=sk-upstream",
                  "iir.providers.gemini.models=any",
                  "iir.providers.bedrock.vendor=bedrock",
                  "iir.providers.bedrock.base-url=" + root,
                  "iir.providers.bedrock.region=eu-west-1",
                  "iir.budgets.max-output=77",
                  "iir.retry.attempts=0",
                  "iir.cache.enabled=false",
                  "iir.breaker.minimum-calls=1000"
                },
                priced(0, "openai/m"),
                priced(1, "anthropic/m"),
                priced(2, "gemini/m"),
                priced(3, "bedrock/m")));
  }

  @AfterAll
  static void stop() throws Exception {
    for (String name : BEDROCK) {
      System.clearProperty(name);
    }
    gateway.close();
    vendor.close();
  }

  private static String[] priced(int index, String model) {
    String prefix = "iir.models[" + index + "].";
    return new String[] {
      prefix + "id=" + model, prefix + "price.input=1", prefix + "price.output=1"
    };
  }

  private static JsonNode sent(NewKey key, String provider, String more) {
    vendor.calls().clear();
    gateway.chat(
        """
        {"model":"%s/m","messages":[{"role":"user","content":"Hello"}]%s}\
        """
            .formatted(provider, more),
        "Authorization",
        "Bearer " + key.secret());
    return Gateway.json(vendor.call().body());
  }

  @ParameterizedTest
  @CsvSource({
    "openai, /max_completion_tokens",
    "anthropic, /max_tokens",
    "gemini, /generationConfig/maxOutputTokens",
    "bedrock, /inferenceConfig/maxTokens"
  })
  void whereABudgetHasToLast(String provider, String name) {
    NewKey budgeted = gateway.newKey("{\"name\":\"b\",\"budget\":{\"usd\":1}}");
    NewKey other = gateway.newKey("{\"name\":\"o\"}");
    assertThat(sent(budgeted, provider, "").at(name).asInt()).isEqualTo(77);
    assertThat(sent(budgeted, provider, ",\"max_tokens\":9").toString())
        .containsPattern("[tT]okens\":9\\b")
        .doesNotContain("77");
    assertThat(sent(other, provider, "").at(name).asInt()).isNotEqualTo(77);
  }
}
