package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.flow.engine.GatewayServer;
import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Call;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.Rules;
import io.iir.testing.Samples;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What meters say of tokens and costs is what the usage ledger says, however requests ended. */
class UsageMetersIT {

  @TempDir static Path routes;
  private static FakeProvider first;
  private static FakeProvider second;
  private static Gateway gateway;
  private static Gateway.NewKey shop;
  private static Gateway.NewKey lab;
  private static Gateway.NewKey nobody;
  private static Samples samples;
  private static JsonNode ledger;

  @BeforeAll
  static void mixedLoad() throws Exception {
    first = new FakeProvider(UsageMetersIT::answer);
    second = new FakeProvider(UsageMetersIT::answer);
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("first", first.baseUrl()),
                Gateway.provider("second", second.baseUrl()),
                Rules.choosing(routes, "first/m, second/m"),
                prices("first/m", 0, 1.1),
                prices("second/m", 1, 0.7),
                new String[] {
                  "iir.hedge.after=100ms", "iir.retry.attempts=0", "iir.breaker.minimum-calls=1000"
                }));
    shop = gateway.newKey("{\"name\":\"s\",\"team\":\"shop\",\"models\":[\"*\"]}");
    lab = gateway.newKey("{\"name\":\"l\",\"team\":\"lab\",\"models\":[\"*\"]}");
    nobody = gateway.newKey("{\"name\":\"n\",\"models\":[\"*\"]}");
    for (int i = 0; i < 10; i++) {
      assertThat(ask(shop, "auto", "success " + i).statusCode()).isEqualTo(200);
      assertThat(ask(lab, "auto", "stream " + i).statusCode()).isEqualTo(200);
      assertThat(ask(nobody, "second/m", "success " + i).statusCode()).isEqualTo(200);
      assertThat(ask(shop, "auto", "success 0").headers().firstValue("x-iir-cache"))
          .as("the same question")
          .contains("hit");
    }
    assertThat(ask(shop, "auto/fast", "slow first").headers().firstValue("X-Route-Provider"))
        .as("a hedge")
        .contains("second");
    assertThat(ask(shop, "auto/fast", "slow first stream").headers().firstValue("X-Route-Provider"))
        .contains("second");
    assertThat(ask(lab, "first/m", "refused").statusCode()).isEqualTo(400);
    assertThat(ask(lab, "first/m", "broken stream").body()).contains("provider_error");
    assertThat(ask(lab, "first/none", "unknown").statusCode()).isEqualTo(200);
    assertThat(ask(lab, "nobody/none", "unknown").statusCode()).isEqualTo(404);
    leave("auto", "endless stream");
    leave("second/m", "endless stream");
    await().until(() -> gateway.bean(GatewayServer.class).inFlight() == 0);
    samples = Samples.of(gateway);
    ledger = Gateway.json(gateway.get("/api/v1/usage?group_by=team,model").body()).path("data");
  }

  private static String[] prices(String model, int at, double input) {
    String prefix = "iir.models[%d].".formatted(at);
    return new String[] {
      prefix + "id=" + model, prefix + "price.input=" + input, prefix + "price.output=3.3"
    };
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    first.close();
    second.close();
  }

  private static String body(String model, String text) {
    String body =
        """
        {"model":"%s","max_tokens":30,"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(model, text);
    return text.contains("stream")
        ? body.replace("{\"model\"", "{\"stream\":true,\"model\"")
        : body;
  }

  private static HttpResponse<String> ask(Gateway.NewKey key, String model, String text) {
    return gateway.chat(body(model, text), "Authorization", "Bearer " + key.secret());
  }

  /** Reads three tokens of a stream, and goes. */
  private static void leave(String model, String text) throws IOException {
    try (RawClient client = RawClient.chat(gateway, body(model, text), shop.header())) {
      for (int i = 0; i < 3; i++) {
        assertThat(client.event()).contains("\"content\"");
      }
    }
  }

  private static void answer(Call call) throws Exception {
    String body = call.body();
    if (body.contains("slow first") && first.calls().contains(call)) {
      call.awaitLeaving();
    } else if (body.contains("refused")) {
      call.json(400, "{}");
    } else if (body.contains("\"stream\":true")) {
      call.beginStream();
      for (int i = 0; i < 3; i++) {
        call.token("word");
      }
      if (body.contains("endless")) {
        call.awaitLeaving();
      } else if (!body.contains("broken")) {
        call.endStream(11, 3);
      } else {
        throw new IOException("broken off");
      }
    } else {
      call.completion("Hi", 7, 2);
    }
  }

  /** The ledger's sum of {@code what} where {@code group} has {@code value}. */
  private static double ledger(String what, String group, String value) {
    double sum = 0;
    for (JsonNode row : ledger) {
      if (row.path(group).asText("none").equals(value) || value.isEmpty()) {
        sum += row.path(what).asDouble();
      }
    }
    return sum;
  }

  @Test
  void tokensOfTeams() {
    for (String team : List.of("shop", "lab", "none")) {
      assertThat(samples.sum("iir_team_tokens_total", "team", team, "gen_ai_token_type", "input"))
          .as(team)
          .isPositive()
          .isEqualTo(ledger("prompt_tokens", "team", team));
      assertThat(samples.sum("iir_team_tokens_total", "team", team, "gen_ai_token_type", "output"))
          .as(team)
          .isPositive()
          .isEqualTo(ledger("completion_tokens", "team", team));
    }
  }

  @Test
  void costsOfTeams() {
    for (String team : List.of("shop", "lab", "none")) {
      assertThat(samples.sum("iir_team_cost_usd_total", "team", team))
          .as(team)
          .isPositive()
          .isCloseTo(ledger("cost_usd", "team", team), within(1e-12));
    }
  }

  @Test
  void requestsOfTeams() {
    for (String team : List.of("shop", "lab", "none")) {
      assertThat(samples.sum("iir_team_requests_total", "team", team))
          .isPositive()
          .isEqualTo(ledger("requests", "team", team));
    }
  }

  @Test
  void tokensAndCostsOfModels() {
    for (String model : List.of("first/m", "second/m")) {
      assertThat(samples.sum("iir_cost_usd_total", "gen_ai_request_model", model))
          .isPositive()
          .isCloseTo(ledger("cost_usd", "model", model), within(1e-12));
      assertThat(
              samples.sum(
                  "gen_ai_client_token_usage_token_sum",
                  "gen_ai_request_model",
                  model,
                  "gen_ai_token_type",
                  "input"))
          .isPositive()
          .isEqualTo(ledger("prompt_tokens", "model", model));
    }
    assertThat(samples.sum("gen_ai_client_token_usage_token_sum"))
        .as("of models that have no name of their own too")
        .isEqualTo(ledger("prompt_tokens", "model", "") + ledger("completion_tokens", "model", ""));
    assertThat(samples.sum("iir_cost_usd_total"))
        .isCloseTo(ledger("cost_usd", "model", ""), within(1e-12));
  }

  @Test
  void callsThatWereSentAreTimedOnce() {
    String count = "gen_ai_client_operation_duration_seconds_count";
    assertThat(samples.sum(count, "error_type", "cancelled")).as("the hedged").isEqualTo(2);
    assertThat(samples.sum(count, "error_type", "client_left")).isEqualTo(2);
    assertThat(samples.sum(count, "error_type", "client_error")).isEqualTo(1);
    assertThat(samples.sum(count, "error_type", "error")).as("the broken stream").isEqualTo(1);
    assertThat(samples.sum(count)).isEqualTo(first.calls().size() + second.calls().size());
    assertThat(samples.sum("gen_ai_server_time_per_output_token_seconds_count"))
        .as("the streams that ended well")
        .isEqualTo(11);
  }

  @Test
  void requestsAreToldApartByModelStatusAndCache() {
    String name = "iir_requests_total";
    String[] chat = {"route", "chat-completions"};
    assertThat(samples.sum(name, chat[0], chat[1], "cache", "hit", "status", "2xx")).isEqualTo(10);
    assertThat(samples.sum(name, "outcome", "client_left", "status", "none")).isEqualTo(2);
    assertThat(samples.sum(name, "gen_ai_request_model", "none", "status", "4xx", chat[0], chat[1]))
        .as("nobody/none")
        .isEqualTo(1);
    assertThat(samples.sum(name, "gen_ai_provider_name", "first", "gen_ai_request_model", "other"))
        .isEqualTo(1);
  }
}
