package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.Samples;
import io.iir.testing.Samples.Sample;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nobody can fill the memory with meters: names that were made up are in no tag. */
class ClosedTagsIT {

  private static final String ASK =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static FakeProvider provider;
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    provider = new FakeProvider(call -> call.completion("Hi", 5, 1));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("p", provider.baseUrl()),
                models(600),
                new String[] {
                  "iir.teams.known.limits.rpm=1000",
                  "iir.limits.default.rpm=100000",
                  "iir.limits.default.tpm=100000000"
                }));
  }

  private static String[] models(int many) {
    return IntStream.range(0, many)
        .mapToObj("iir.models[%1$d].id=p/listed-%1$d"::formatted)
        .toArray(String[]::new);
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
    provider.close();
  }

  private static Set<String> tags(String name) {
    return Samples.of(gateway).all().stream()
        .map(Sample::tags)
        .filter(tags -> tags.containsKey(name))
        .map(tags -> tags.get(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void appearsNowhere(String text) {
    String shown = gateway.get("/metrics").body();
    assertThat(shown.lines().filter(line -> line.contains(text))).isEmpty();
  }

  @Test
  void modelsThatAreNotListed() {
    for (int i = 0; i < 50; i++) {
      assertThat(gateway.chat(ASK.formatted("p/invented-" + i)).statusCode()).isEqualTo(200);
      assertThat(gateway.chat(ASK.formatted("invented-" + i + "/m")).statusCode()).isEqualTo(404);
      assertThat(gateway.chat(ASK.formatted("sim/invented-" + i)).statusCode()).isEqualTo(404);
    }
    appearsNowhere("invented");
    assertThat(
            Samples.of(gateway)
                .sum(
                    "iir_requests_total",
                    "gen_ai_provider_name",
                    "p",
                    "gen_ai_request_model",
                    "other"))
        .isGreaterThanOrEqualTo(50);
  }

  @Test
  void modelsBeyondFiveHundred() {
    for (int i = 0; i < 600; i++) {
      assertThat(gateway.chat(ASK.formatted("p/listed-" + i)).statusCode()).isEqualTo(200);
    }
    Set<String> models = tags("gen_ai_request_model");
    assertThat(models).contains("other");
    models.removeAll(Set.of("other", "none"));
    assertThat(models).hasSize(500);
  }

  @Test
  void keysThatAreUnknown() {
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> answer =
          gateway.chat(ASK.formatted("sim/echo"), "Authorization", "Bearer sk-made-up-" + i);
      assertThat(answer.statusCode()).isEqualTo(401);
    }
    appearsNowhere("made-up");
  }

  @Test
  void pathsAndHeaders() {
    assertThat(gateway.get("/v1/chat/scanned-path").statusCode()).isEqualTo(404);
    assertThat(
            gateway.chat(ASK.formatted("sim/echo"), "X-Routing-Strategy", "scanned").statusCode())
        .isEqualTo(400);
    appearsNowhere("scanned");
  }

  @Test
  void aThousandTeams() {
    for (int i = 0; i < 1000; i++) {
      ask("team-" + i);
    }
    ask("known");
    Set<String> teams = tags("team");
    assertThat(teams.stream().filter(team -> team.startsWith("team-"))).hasSize(199);
    assertThat(teams).as("of the configuration, however late").contains("known");
    assertThat(teams).contains("other");
    assertThat(Samples.of(gateway).sum("iir_team_requests_total", "team", "other")).isEqualTo(801);
  }

  private static void ask(String team) {
    Gateway.NewKey key =
        gateway.newKey("{\"name\":\"k\",\"team\":\"%s\",\"models\":[\"sim/*\"]}".formatted(team));
    HttpResponse<String> answer =
        gateway.chat(ASK.formatted("sim/echo"), "Authorization", "Bearer " + key.secret());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
