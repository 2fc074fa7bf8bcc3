package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Providers with several keys, and with several endpoints. */
class KeysAndEndpointsIT {

  private static final String NO = "{\"error\":{\"message\":\"no\"}}";

  @Test
  void aKeyThatIsRefusedRestsWhileTheOthersWork() throws Exception {
    try (FakeProvider provider =
            new FakeProvider(call -> {
              switch (String.valueOf(call.headers().getFirst("Authorization"))) {
                case "Bearer sk-limited-2" -> call.json(429, NO, "Retry-After: 100");
                case "Bearer sk-wrong-3" -> call.json(401, NO);
                default -> call.completion("yes", 1, 1);
              }
            });
        Gateway gateway =
            Gateway.start(
                Gateway.provider("p", provider.baseUrl(), "api-keys=sk-limited-2,sk-wrong-3"))) {
      for (int i = 0; i < 12; i++) {
        assertThat(ask(gateway, "Hi").statusCode()).isEqualTo(200);
      }
      assertThat(provider.calls()).as("two in vain").hasSize(14);
      HttpResponse<String> shown = gateway.get("/api/v1/providers/p");
      assertThat(shown.body()).doesNotContain("sk-limited", "sk-wrong", "sk-upstream");
      JsonNode view = Gateway.json(shown.body());
      assertThat(view.path("state").asText()).isEqualTo("degraded");
      assertThat(view.path("keys").findValuesAsText("state"))
          .containsExactly("ok", "cooled", "cooled");
      assertThat(view.at("/keys/1/refused_with").asInt()).isEqualTo(429);
      assertThat(view.at("/keys/1/retry_after").asInt()).isBetween(1, 100);
      assertThat(view.at("/keys/2/retry_after").asInt()).isBetween(200, 300);
      assertThat(gateway.get("/metrics").body())
          .contains("iir_provider_keys_cooled{gen_ai_provider_name=\"p\"} 2.0");
    }
  }

  @Test
  void aPromptThatIsFlaggedPutsNoKeyToRest() throws Exception {
    try (FakeProvider provider =
            new FakeProvider(call -> {
              if (call.body().contains("flagged")) {
                call.json(403, NO);
              } else {
                call.completion("yes", 1, 1);
              }
            });
        Gateway gateway =
            Gateway.start(Gateway.provider("p", provider.baseUrl(), "api-keys=sk-2,sk-3"))) {
      for (int i = 1; i <= 4; i++) {
        assertThat(ask(gateway, "flagged").statusCode()).isEqualTo(502);
        assertThat(provider.calls()).as("one other key each").hasSize(2 * i);
      }
      assertThat(ask(gateway, "Hi").statusCode()).isEqualTo(200);
      JsonNode view = Gateway.json(gateway.get("/api/v1/providers/p").body());
      assertThat(view.path("keys").findValuesAsText("state")).containsExactly("ok", "ok", "ok");
    }
  }

  @Test
  void ofManyKeysThreeMoreAreTriedForOneRequest() throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.json(401, NO));
        Gateway gateway =
            Gateway.start(
                Gateway.provider("p", provider.baseUrl(), "api-keys=sk-2,sk-3,sk-4,sk-5,sk-6"))) {
      assertThat(ask(gateway, "Hi").statusCode()).isEqualTo(502);
      assertThat(provider.calls()).hasSize(4);
      assertThat(ask(gateway, "Hi").statusCode()).isEqualTo(502);
      assertThat(provider.calls()).as("those that do not rest").hasSize(6);
    }
  }

  @Test
  void whenAllKeysRestTheProviderIsNotAsked() throws Exception {
    try (FakeProvider provider = new FakeProvider(call -> call.json(429, NO, "Retry-After: 90"));
        Gateway gateway =
            Gateway.start(Gateway.provider("p", provider.baseUrl(), "api-keys=sk-2"))) {
      assertThat(ask(gateway, "Hi").statusCode()).isEqualTo(429);
      assertThat(provider.calls()).hasSize(2);
      HttpResponse<String> told = ask(gateway, "Hi");
      assertThat(told.statusCode()).isEqualTo(429);
      assertThat(told.body()).contains("rate limit with each of 2 keys");
      assertThat(Long.parseLong(told.headers().firstValue("Retry-After").orElseThrow()))
          .isBetween(1L, 90L);
      assertThat(provider.calls()).hasSize(2);
    }
  }

  @Test
  void anEndpointThatFailsIsReplacedByItsSibling() throws Exception {
    try (FakeProvider one = new FakeProvider(call -> call.completion("one", 1, 1));
        FakeProvider other = new FakeProvider(call -> call.completion("other", 1, 1));
        Gateway gateway = Gateway.start(endpoints(one, other, "none"))) {
      one.close();
      for (int i = 0; i < 40; i++) {
        assertThat(answer(ask(gateway, "Hi"))).isEqualTo("other");
      }
      JsonNode view = Gateway.json(gateway.get("/api/v1/providers/p").body());
      assertThat(view.path("state").asText()).isEqualTo("degraded");
      assertThat(view.path("endpoints").findValuesAsText("breaker"))
          .containsExactly("open", "closed");
      assertThat(view.at("/models/0/breaker").asText()).isEqualTo("closed");
    }
  }

  @Test
  void conversationsStayWhereTheyBegan() throws Exception {
    try (FakeProvider one = new FakeProvider(call -> call.completion("one", 1, 1));
        FakeProvider other = new FakeProvider(call -> call.completion("other", 1, 1));
        Gateway gateway = Gateway.start(endpoints(one, other, "prefix"))) {
      Set<String> homes = new HashSet<>();
      for (int conversation = 0; conversation < 8; conversation++) {
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 4; i++) {
          answers.add(answer(ask(gateway, "conversation " + conversation)));
        }
        assertThat(answers).hasSize(1);
        homes.addAll(answers);
      }
      assertThat(homes).containsExactlyInAnyOrder("one", "other");
      other.close();
      for (int conversation = 0; conversation < 8; conversation++) {
        assertThat(answer(ask(gateway, "conversation " + conversation))).isEqualTo("one");
      }
    }
  }

  private static String answer(HttpResponse<String> response) {
    return Gateway.json(response.body()).at("/choices/0/message/content").asText();
  }

  private static HttpResponse<String> ask(Gateway gateway, String text) {
    return gateway.chat(
        "{\"model\":\"p/m\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(text),
        "Cache-Control",
        "no-store");
  }

  private static String[] endpoints(FakeProvider one, FakeProvider other, String affinity) {
    return List.of(
            "iir.providers.p.base-urls=" + one.baseUrl() + "," + other.baseUrl(),
            "iir.providers.p.models=any",
            "iir.providers.p.affinity=" + affinity)
        .toArray(String[]::new);
  }
}
