package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Which targets are asked, how many, and what a client's own words cannot do to them. */
class TargetsIT {

  private static final String CHAT =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  @Test
  void aProviderThatRefusesTheGatewaysKeyIsNotAskedForItsOtherModels() throws Exception {
    try (FakeProvider locked = refusing(401);
        FakeProvider open = new FakeProvider(call -> call.completion("Hi", 1, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    listed("a", locked.baseUrl(), "one,two,three"),
                    listed("b", open.baseUrl(), "four")))) {
      assertThat(gateway.chat(CHAT.formatted("auto")).statusCode()).isEqualTo(200);
      assertThat(locked.calls()).hasSize(1);
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
