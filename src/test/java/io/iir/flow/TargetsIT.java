package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.provider.ModelName;
import io.iir.provider.ModelTraffic;
import io.iir.provider.ProviderDirectory;
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
            Gateway.start(
                Gateway.all(
                    listed("a", broken.baseUrl(), "one,two,three,four,five,six"),
                    new String[] {"iir.retry.attempts=0"}))) {
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

  private static final String IMAGE =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\","
          + "\"image_url\":{\"url\":\"data:image/png;base64,AAAA\"}}]}]}";

  @Test
  void pricesQualityAndCapabilitiesDecide() throws Exception {
    try (FakeProvider dear = new FakeProvider(call -> call.completion("dear", 1, 1));
        FakeProvider cheap = new FakeProvider(call -> call.completion("cheap", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("a", dear.baseUrl()),
                    Gateway.provider("b", cheap.baseUrl()),
                    declared(0, "a/best", "5", "0.9", "chat"),
                    declared(1, "b/cheap", "1", "0.5", "chat,images"),
                    new String[] {"iir.models[1].upstream=cheap-2026"}))) {
      assertThat(Gateway.json(gateway.get("/v1/models/b/cheap").body()).path("iir").toString())
          .isEqualTo(
              "{\"provider\":\"b\",\"state\":\"configured\",\"capabilities\":[\"chat\",\"images\"],"
                  + "\"price\":{\"input\":1,\"output\":1},\"quality\":0.5}");
      HttpResponse<String> cost = gateway.chat(CHAT.formatted("auto/cost"));
      assertThat(cost.body()).contains("cheap");
      assertThat(cost.headers().firstValue("X-Route-Reason")).contains("cost-optimized");
      assertThat(cost.headers().firstValue("X-Route-Model")).contains("cheap");
      assertThat(cheap.call().body()).contains("\"model\":\"cheap-2026\"");
      assertThat(gateway.chat(CHAT.formatted("auto/quality")).body()).contains("dear");
      assertThat(gateway.chat(IMAGE.formatted("auto/quality")).body()).contains("cheap");
      assertThat(gateway.chat(IMAGE.formatted("a/best")).body())
          .as("taken at its word")
          .contains("dear");
    }
  }

  @Test
  void whereNoneCanTakeItTheClientLearnsWhy() throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.completion("Hi", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("a", provider.baseUrl()),
                    declared(0, "a/blind", "1", "0.5", "chat"),
                    new String[] {"iir.models[1].id=a/brief", "iir.models[1].context=5"},
                    Rules.choosing(routes, "a/blind, a/brief")))) {
      HttpResponse<String> answer = gateway.chat(IMAGE.formatted("auto"));
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(Gateway.json(answer.body()).path("error").path("message").asText())
          .startsWith(
              "no model is available for 'a/blind, a/brief':"
                  + " a/blind takes no images; a/brief context of 5 tokens is less than the ");
      assertThat(provider.calls()).isEmpty();
    }
  }

  @Test
  void theIdleOneIsAsked() throws Exception {
    Semaphore goOn = new Semaphore(0);
    try (FakeProvider busy =
            new FakeProvider(call -> {
              call.beginStream();
              call.token("busy");
              StreamIT.take(goOn);
              call.endStream(5, 1);
            });
        FakeProvider idle = new FakeProvider(call -> call.completion("idle", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("a", busy.baseUrl()),
                    Gateway.provider("b", idle.baseUrl()),
                    new String[] {
                      "iir.cache.enabled=false"
                    }, // or it waits for the same one's answer
                    Rules.choosing(routes, "idlest(a/m, b/m)")));
        RawClient client = RawClient.chat(gateway, streaming("auto"))) {
      assertThat(client.event()).contains("busy");
      assertThat(gateway.chat(CHAT.formatted("auto")).body()).contains("idle");
      goOn.release();
      assertThat(client.rest()).endsWith(Chunks.DONE);
    }
  }

  @Test
  void aUserStaysWithAModel() throws Exception {
    try (FakeProvider some = new FakeProvider(call -> call.completion("some", 1, 1));
        FakeProvider others = new FakeProvider(call -> call.completion("others", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("a", some.baseUrl()),
                    Gateway.provider("b", others.baseUrl()),
                    Rules.choosing(routes, "weighted(a/m: 50, b/m: 50)")))) {
      int first = 0;
      for (int user = 0; user < 30; user++) {
        String body =
            CHAT.formatted("auto").replace("{\"model\"", "{\"user\":\"u" + user + "\",\"model\"");
        String once = gateway.chat(body, "Cache-Control", "no-store").body();
        assertThat(gateway.chat(body, "Cache-Control", "no-store").body()).isEqualTo(once);
        first += once.contains("some") ? 1 : 0;
      }
      assertThat(first).isBetween(5, 25);
    }
  }

  @Test
  void whatFailsTooOftenIsLeftAloneForAWhile() throws Exception {
    try (FakeProvider broken = refusing(500);
        FakeProvider sound = new FakeProvider(call -> call.completion("sound", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("a", broken.baseUrl()),
                    Gateway.provider("b", sound.baseUrl()),
                    Rules.choosing(routes, "a/m, b/m"),
                    new String[] {"iir.breaker.minimum-calls=5"}))) {
      for (int i = 0; i < 7; i++) {
        assertThat(gateway.chat(CHAT.formatted("auto"), "Cache-Control", "no-store").body())
            .contains("sound");
      }
      assertThat(broken.calls()).hasSize(5);
      assertThat(gateway.chat(CHAT.formatted("a/m")).statusCode()).as("named").isEqualTo(503);
      assertThat(broken.calls()).hasSize(5);
    }
  }

  @Test
  void eachCallThatBeginsEnds() throws Exception {
    try (FakeProvider a = new FakeProvider(call -> call.completion("whole", 1, 1));
        FakeProvider b = new FakeProvider(call -> call.completion("other", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    Gateway.provider("a", a.baseUrl()),
                    Gateway.provider("b", b.baseUrl()),
                    Rules.choosing(routes, "a/m, b/m"),
                    new String[] {"iir.cache.enabled=false", "iir.breaker.minimum-calls=1000"}))) {
      ModelTraffic traffic = gateway.bean(ProviderDirectory.class).traffic();
      ModelName m = new ModelName("a", "m");
      assertThat(gateway.chat(CHAT.formatted("a/m")).statusCode()).isEqualTo(200);
      assertThat(gateway.chat(CHAT.formatted("sim/echo")).statusCode()).isEqualTo(200);
      assertThat(gateway.chat(streaming("sim/echo")).statusCode()).isEqualTo(200);
      a.behave(call -> call.json(500, "{}"));
      assertThat(gateway.chat(CHAT.formatted("auto")).body()).contains("other");
      a.behave(call -> call.json(400, "{}"));
      assertThat(gateway.chat(CHAT.formatted("auto")).statusCode()).isEqualTo(400);
      a.behave(FakeProvider.Call::reset);
      assertThat(gateway.chat(CHAT.formatted("a/m")).statusCode()).isEqualTo(502);
      a.behave(call -> {
        call.beginStream();
        call.token("broken");
        call.reset();
      });
      assertThat(gateway.chat(streaming("a/m")).body()).contains("error").doesNotContain("[DONE]");
      await().untilAsserted(() -> assertThat(traffic.localInFlight()).isZero());
      a.behave(call -> {
        call.beginStream();
        call.token("left");
        call.awaitLeaving();
      });
      try (RawClient client = RawClient.chat(gateway, streaming("a/m"))) {
        assertThat(client.event()).contains("left");
        assertThat(traffic.inFlight(m)).isOne();
        assertThat(traffic.localInFlight()).isOne();
      }
      await().untilAsserted(() -> assertThat(traffic.inFlight(m)).isZero());
      a.behave(FakeProvider.Call::awaitLeaving);
      try (RawClient client = RawClient.chat(gateway, CHAT.formatted("a/m"))) {
        await().untilAsserted(() -> assertThat(traffic.inFlight(m)).isOne());
      }
      await().untilAsserted(() -> assertThat(traffic.localInFlight()).isZero());
      assertThat(traffic.inFlight(m)).isZero();
      assertThat(traffic.inFlight(new ModelName("b", "m"))).isZero();
      assertThat(traffic.inFlight(new ModelName("sim", "echo"))).isZero();
    }
  }

  private static String[] declared(
      int place, String id, String price, String quality, String capabilities) {
    String entry = "iir.models[" + place + "].";
    return new String[] {
      entry + "id=" + id,
      entry + "price.input=" + price,
      entry + "price.output=" + price,
      entry + "quality=" + quality,
      entry + "capabilities=" + capabilities
    };
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
