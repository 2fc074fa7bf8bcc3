package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.Chunks;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which targets are asked, how many, and what a client's own words cannot do to them. */
class TargetsIT {

  private static final String CHAT =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @TempDir static Path routes;

  @Test
  void aProviderThatRefusesTheGatewaysKeyIsNotAskedForItsOtherModels() throws Exception {
    try (FakeProvider first = refusing(401);
        FakeProvider second = refusing(403);
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    listed("a", first.baseUrl(), "one,two,three"),
                    listed("b", second.baseUrl(), "four,five")))) {
      assertThat(gateway.chat(CHAT.formatted("auto")).statusCode()).isEqualTo(502);
      assertThat(first.calls()).hasSize(1);
      assertThat(second.calls()).hasSize(1);
    }
  }

  @Test
  void whatAProviderSaysOfTheGatewaysKeyStaysHere() throws Exception {
    try (FakeProvider locked = refusing(401);
        Gateway gateway = Gateway.start(Gateway.provider("a", locked.baseUrl()))) {
      HttpResponse<String> answer = gateway.chat(CHAT.formatted("a/m"));
      assertThat(answer.statusCode()).isEqualTo(502);
      assertThat(answer.body()).contains("credentials").doesNotContain("sk-secret");
    }
  }

  @Test
  void noMoreThanAFewTargetsAreAsked() throws Exception {
    try (FakeProvider broken = refusing(500);
        Gateway gateway =
            Gateway.start(listed("a", broken.baseUrl(), "one,two,three,four,five,six"))) {
      assertThat(gateway.chat(CHAT.formatted("auto")).statusCode()).isEqualTo(502);
      assertThat(broken.calls()).hasSize(Attempts.MOST);
    }
  }

  @Test
  void allAttemptsTogetherHaveOneLimit() throws Exception {
    try (FakeProvider first = new FakeProvider(FakeProvider.Call::awaitLeaving);
        FakeProvider second = new FakeProvider(FakeProvider.Call::awaitLeaving);
        FakeProvider third = new FakeProvider(FakeProvider.Call::awaitLeaving);
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("a", first.baseUrl(), "timeouts.total=2s"),
                    Gateway.provider("b", second.baseUrl()),
                    Gateway.provider("c", third.baseUrl()),
                    Rules.choosing(routes, "a/m, b/m, c/m"),
                    new String[] {"iir.failover.total=6s"}))) {
      HttpResponse<String> answer = gateway.chat(CHAT.formatted("auto"));
      assertThat(answer.statusCode()).isEqualTo(504);
      JsonNode error = Gateway.json(answer.body()).path("error");
      assertThat(error.path("code").asText()).isEqualTo("provider_timeout");
      assertThat(error.path("message").asText())
          .startsWith(
              "no target answered within the 6000 ms of iir.failover.total:"
                  + " a/m no whole answer within 2000 ms; b/m no answer within the ")
          .endsWith(" ms left for it; 1 more not asked");
      assertThat(first.calls()).hasSize(1);
      assertThat(second.calls()).hasSize(1);
      assertThat(third.calls()).isEmpty();
    }
  }

  @Test
  void aStreamThatHasBegunHasItsOwnTime() throws Exception {
    Semaphore goOn = new Semaphore(0);
    try (FakeProvider slow =
            new FakeProvider(call -> {
              call.beginStream();
              call.token("slow");
              StreamIT.take(goOn);
              call.endStream(5, 1);
            });
        FakeProvider silent = new FakeProvider(FakeProvider.Call::awaitLeaving);
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("slow", slow.baseUrl()),
                    Gateway.provider("silent", silent.baseUrl()),
                    new String[] {"iir.failover.total=3s"}));
        RawClient client = RawClient.chat(gateway, streaming("slow/m"))) {
      assertThat(client.event()).contains("slow");
      // By the time that this one is told, the other has outlived the limit too.
      assertThat(gateway.chat(streaming("silent/m")).statusCode()).isEqualTo(504);
      goOn.release();
      assertThat(client.rest()).endsWith(Chunks.DONE);
    }
  }

  @Test
  void theRouterChoosesAmongWhatTheKeyMayUse() throws Exception {
    try (FakeProvider real = new FakeProvider(call -> call.completion("real", 1, 1));
        Gateway gateway = Gateway.start(listed("a", real.baseUrl(), "one,two"))) {
      String simulated = key(gateway, "sim/*");
      assertThat(gateway.chat(CHAT.formatted("auto"), "Authorization", simulated).headers())
          .satisfies(headers -> assertThat(headers.firstValue("X-Route-Provider")).contains("sim"));
      assertThat(real.calls()).isEmpty();
      String second = key(gateway, "a/two");
      assertThat(gateway.chat(CHAT.formatted("auto"), "Authorization", second).body())
          .contains("real");
      assertThat(real.call().body()).contains("\"model\":\"two\"");
      HttpResponse<String> named =
          gateway.chat(CHAT.formatted("a/one"), "Authorization", simulated);
      assertThat(named.statusCode()).isEqualTo(403);
      assertThat(named.body()).contains("may not use 'a/one'; it may use sim/*");
      HttpResponse<String> none =
          gateway.chat(CHAT.formatted("auto/local"), "Authorization", simulated);
      assertThat(none.statusCode()).isEqualTo(403);
      assertThat(none.body())
          .contains("model_not_allowed")
          .contains("may use none of the models that the rules chose, 'local'")
          .contains("it may use sim/*");
    }
  }

  @Test
  void whereThereIsNothingToChooseFromThatIsNotTheKeys() throws Exception {
    try (Gateway gateway = Gateway.start()) {
      HttpResponse<String> none =
          gateway.chat(CHAT.formatted("auto/local"), "Authorization", key(gateway, "sim/*"));
      assertThat(none.statusCode()).isEqualTo(503);
      assertThat(none.body()).contains("no_target_available");
    }
  }

  @Test
  void aNameThatTheClientSendsIsNoListOfTargets() throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.completion("Hi", 1, 1));
        Gateway gateway = Gateway.start(Gateway.provider("a", provider.baseUrl()))) {
      HttpResponse<String> answer = gateway.chat(CHAT.formatted("a/My Model (Q4), sim/lorem"));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(provider.call().body()).contains("\"model\":\"My Model (Q4), sim/lorem\"");
    }
  }

  @Test
  void anAliasMayStandForAuto() throws Exception {
    try (Gateway gateway =
        Gateway.start("iir.aliases.default=auto", "iir.aliases.cheap=auto/cost")) {
      assertThat(gateway.chat(CHAT.formatted("default")).statusCode()).isEqualTo(200);
      assertThat(gateway.chat(CHAT.formatted("cheap")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void anObjectThatIsNoCompletionIsNoAnswer() throws Exception {
    try (FakeProvider loading =
            new FakeProvider(call -> call.json(200, "{\"message\":\"model is loading\"}"));
        Gateway gateway = Gateway.start(Gateway.provider("a", loading.baseUrl()))) {
      assertThat(gateway.chat(CHAT.formatted("a/m")).statusCode()).isEqualTo(502);
    }
  }

  private static String key(Gateway gateway, String models) {
    String made = "{\"name\":\"some\",\"models\":[\"%s\"]}".formatted(models);
    return "Bearer " + gateway.newKey(made).secret();
  }

  private static String streaming(String model) {
    return CHAT.formatted(model).replace("{\"model\"", "{\"stream\":true,\"model\"");
  }

  private static FakeProvider refusing(int status) throws IOException {
    return new FakeProvider(
        call -> call.json(status, "{\"error\":{\"message\":\"Incorrect API key: sk-secret\"}}"));
  }

  private static String[] listed(String name, String url, String models) {
    String[] settings = Gateway.provider(name, url);
    settings[3] = "iir.providers." + name + ".models=" + models;
    return settings;
  }
}
