package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** What providers get to see of who calls, and where. */
class CredentialsIT {

  private static final String ASK =
      """
      {"model":"far/m-1","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":5,"user":"u"}\
      """;

  private static final String CONVERSED =
      """
      {"output":{"message":{"role":"assistant","content":[{"text":"Hi."}]}},"stopReason":"end_turn",\
      "usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}\
      """;

  private static String root(FakeProvider provider) {
    return provider.baseUrl().replace("/v1", "");
  }

  @Test
  void azureIsCalledByDeploymentAndItsKey() throws Exception {
    try (FakeProvider azure = new FakeProvider(call -> call.completion("Hi.", 1, 1));
        Gateway gateway =
            Gateway.start(
                "iir.providers.far.vendor=azure",
                "iir.providers.far.base-url=" + root(azure),
                "iir.providers.far.api-key=the-key",
                "iir.providers.far.api-version=2024-10-21")) {
      assertThat(gateway.chat(ASK).statusCode()).isEqualTo(200);
      FakeProvider.Call call = azure.call();
      assertThat(call.target())
          .isEqualTo("/openai/deployments/m-1/chat/completions?api-version=2024-10-21");
      assertThat(call.headers().get("api-key")).containsExactly("the-key");
      assertThat(call.headers().containsKey("Authorization")).isFalse();
      assertThat(call.body()).isEqualTo(ASK.replace("far/m-1", "m-1"));
    }
  }

  @Test
  void whatAVendorRefusesIsRenamedAndLeftOut() throws Exception {
    try (FakeProvider mistral = new FakeProvider(call -> call.completion("Hi.", 1, 1));
        Gateway gateway =
            Gateway.start(
                "iir.providers.far.vendor=mistral",
                "iir.providers.far.base-url=" + mistral.baseUrl(),
                "iir.providers.far.models=any")) {
      HttpResponse<String> answer = gateway.chat(ASK);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("x-iir-dropped")).contains("user");
      assertThat(mistral.call().body())
          .isEqualTo(
              ASK.replace("far/m-1", "m-1")
                  .replace("max_completion_tokens", "max_tokens")
                  .replace(",\"user\":\"u\"", ""));
    }
  }

  /** As AWS's tools do, it takes Java's system properties, too. */
  @Test
  void bedrockIsCalledWithASignature() throws Exception {
    System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
    System.setProperty("aws.secretAccessKey", "the-secret");
    try (FakeProvider bedrock = new FakeProvider(call -> call.json(200, CONVERSED));
        Gateway gateway =
            Gateway.start(
                "iir.providers.far.vendor=bedrock",
                "iir.providers.far.base-url=" + root(bedrock),
                "iir.providers.far.region=eu-west-1")) {
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer = gateway.chat(ASK.replace("Hi", "Hi " + i));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("Hi.");
      }
      assertThat(bedrock.calls())
          .hasSize(2)
          .allSatisfy(call -> {
            assertThat(call.target()).isEqualTo("/model/m-1/converse");
            assertThat(call.headers().getFirst("Authorization"))
                .startsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
                .contains("/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;");
            assertThat(call.headers().get("x-amz-date")).hasSize(1);
          });
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }
}
