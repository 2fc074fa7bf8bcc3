package io.iir.monitoring;

import static org.awaitility.Awaitility.await;

import io.iir.testing.FakeProvider;
import io.iir.testing.FakeProvider.Call;
import io.iir.testing.Gateway;
import io.iir.testing.Gateway.NewKey;
import io.iir.testing.ModelProgram;
import io.iir.testing.RedisServer;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.function.Predicate;

/**
 * A gateway with all that it can have, and clients that have it do all that it can do, what goes
 * wrong included: after two rounds each meter has been used. Close it.
 */
final class StandardLoad implements AutoCloseable {

  private static final String RULE =
      """
      - route:
          id: provider-choice
          group: rules
          from:
            uri: direct:provider-choice
            steps:
              - choice:
                  when:
                    - id: named
                      simple: "${variable.strategy} == 'pass-through'"
                      steps:
                        - setVariable: {name: targets, simple: "${variable.provider}/${variable.model}"}
                    - id: in-a-hurry
                      simple: "${variable.strategy} == 'fastest'"
                      steps:
                        - setVariable: {name: targets, constant: "good/slow, good/small"}
                    - id: cut
                      simple: "${variable.strategy} == 'quality-first'"
                      steps:
                        - setVariable: {name: targets, constant: "good/cut, good/small"}
                    - id: fails-without-a-team
                      simple: "${variable.maxTokens} == 77"
                      steps:
                        - setVariable: {name: targets, simple: "${variable.team}, good/small"}
                  otherwise:
                    id: %s
                    steps:
                      - setVariable: {name: targets, constant: "bad/m, good/small"}
      """;

  private final FakeProvider good = new FakeProvider(StandardLoad::answer);
  private final FakeProvider bad = new FakeProvider(call -> call.json(500, "{}"));
  private final RedisServer redis = RedisServer.start();
  private final RuleFolder rules;
  private final Gateway gateway;
  private final NewKey narrow;
  private final NewKey search;
  private final NewKey poor;
  private final NewKey careful;
  private int asked;

  /** Starts all of it, with its rules in {@code folder}. */
  StandardLoad(Path folder) {
    rules = new RuleFolder(folder).write(RULE.formatted("first-text"));
    gateway =
        Gateway.start(
            Gateway.all(
                Gateway.provider("good", good.baseUrl()),
                Gateway.provider("bad", bad.baseUrl()),
                rules.settings(),
                ModelProgram.settings(0, "local/a"),
                priced(0, "good/small", 1),
                priced(1, "good/large", 20),
                priced(2, "good/slow", 1),
                priced(3, "good/cut", 1),
                priced(4, "bad/m", 1),
                new String[] {
                  redis.setting(),
                  "iir.state.timeout=2s", // machines that build are short of processors
                  "iir.backend.resume=true",
                  "iir.hedge.after=30ms",
                  "iir.retry.backoff=1ms",
                  "iir.breaker.minimum-calls=4",
                  "iir.budgets.gateway.usd=100",
                  "iir.teams.search.budget.usd=50",
                  "iir.teams.poor.budget.usd=0.0008",
                  "iir.teams.poor.budget.period=day"
                }));
    narrow = gateway.newKey("{\"name\":\"narrow\",\"limits\":{\"rpm\":1}}");
    search = gateway.newKey("{\"name\":\"search\",\"team\":\"search\"}");
    poor = gateway.newKey("{\"name\":\"poor\",\"team\":\"poor\"}");
    careful = gateway.newKey("{\"name\":\"careful\",\"budget\":{\"usd\":1}}");
  }

  private static String[] priced(int index, String model, int usd) {
    String prefix = "iir.models[" + index + "].";
    return new String[] {
      prefix + "id=" + model, prefix + "price.input=" + usd, prefix + "price.output=" + 2 * usd
    };
  }

  private static void answer(Call call) throws IOException {
    String body = call.body();
    if (body.contains("\"model\":\"slow\"")) {
      call.awaitLeaving();
    } else if (call.target().endsWith("/embeddings")) {
      call.json(
          200,
          """
          {"object":"list","model":"small","data":[{"object":"embedding","index":0,\
          "embedding":[0.5]}],"usage":{"prompt_tokens":4,"total_tokens":4}}\
          """);
    } else if (!body.contains("\"stream\":true")) {
      call.completion("Hello there", 400, 300);
    } else {
      call.beginStream();
      call.token("Hello ");
      call.token("there");
      if (body.contains("\"model\":\"cut\"")) {
        call.close();
      } else {
        call.endStream(5, 2);
      }
    }
  }

  /** The gateway. */
  Gateway gateway() {
    return gateway;
  }

  /** Has everything happen once, and most of it more often. */
  void round() {
    mistakes();
    for (int i = 0; i < 8; i++) {
      String again = ask("good/" + (i % 2 == 0 ? "small" : "large"), "");
      chat(search, again);
      chat(search, again);
      chat(search, ask("good/small", ",\"stream\":true"));
      chat(search, ask("auto", ""));
    }
    send(search, "/v1/chat/completions", ask("good/small", ""), "Cache-Control", "no-cache");
    send(search, "/v1/embeddings", "{\"model\":\"good/small\",\"input\":\"a%d\"}".formatted(asked));
    chat(search, ask("auto/fast", ""));
    chat(search, ask("auto/quality", ",\"stream\":true"));
    chat(search, ask("local/a", ""));
    limits();
    gateway.send(post("/v1/registry/refresh", ""));
    rules();
    System.gc(); // so that there is a pause to show
  }

  private void mistakes() {
    for (int i = 0; i < 3; i++) {
      chat(search, ask("bad/m", "")); // retried, until its breaker opens
    }
    chat(search, "{");
    chat(search, ask("good/none-such", ",\"max_tokens\":-1"));
    gateway.send(post("/v1/chat/completions", "", "Content-Type", "text/plain"));
    chat(careful, ask("auto", ",\"max_tokens\":77")); // the rule fails
  }

  private void limits() {
    chat(narrow, ask("good/small", ""));
    chat(narrow, ask("good/small", ""));
    chat(careful, ask("good/small", ",\"max_tokens\":1")); // it costs 300
    chat(poor, ask("good/small", ",\"max_tokens\":100"));
    chat(poor, ask("good/small", ",\"max_tokens\":100"));
  }

  /** A mistake is saved, a good text, and that is taken back and brought back. */
  private void rules() {
    rules.write("- route: [");
    awaitRule(rule -> rule.contains("\"last_error\":{"));
    rules.write(RULE.formatted("text-" + asked));
    awaitRule(rule -> rule.contains("text-" + asked));
    gateway.send(post("/api/v1/rules/provider-choice/rollback", ""));
    gateway.send(post("/api/v1/rules/reload", ""));
    awaitRule(rule -> rule.contains("text-" + asked));
  }

  private void awaitRule(Predicate<String> state) {
    await().until(() -> state.test(gateway.get("/api/v1/rules").body()));
  }

  private String ask(String model, String more) {
    return """
    {"model":"%s","messages":[{"role":"user","content":"%s"}]%s}\
    """
        .formatted(model, "Question " + asked++, more);
  }

  private HttpResponse<String> chat(NewKey key, String body) {
    return send(key, "/v1/chat/completions", body);
  }

  private HttpResponse<String> send(NewKey key, String path, String body, String... headers) {
    return gateway.send(
        gateway
            .request(path, headers)
            .setHeader("Authorization", "Bearer " + key.secret())
            .setHeader("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpRequest post(String path, String body, String... headers) {
    return gateway.request(path, headers).POST(HttpRequest.BodyPublishers.ofString(body)).build();
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    redis.close();
    good.close();
    bad.close();
  }
}
