package io.iir.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.flow.engine.GatewayServer;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.ModelProgram;
import io.iir.testing.RuleFolder;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code /openapi.yaml} promises what the gateway does: each answer is asked for and compared. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenApiIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CHAT = "/v1/chat/completions";
  private static final String MESSAGES = "/v1/messages";
  private static final String COUNT = "/v1/messages/count_tokens";
  private static final String REFRESH = "/v1/registry/refresh";
  private static final String STATUS = "/v1/registry/status";
  private static final String KEYS = "/api/v1/apikeys";
  private static final String KEY = "/api/v1/apikeys/{id}";
  private static final String PROVIDERS = "/api/v1/providers";

  private static final String RULES = "/api/v1/rules";
  private static final String RULE = "provider-choice";
  private static final String USAGE = "/api/v1/usage";
  private static final String FEEDBACK = "/v1/feedback";
  private static final String CLASSIFIER = "/api/v1/classifier";
  private static final String EXPLAIN = "/api/v1/explain";

  @TempDir static Path temp;

  private FakeProvider provider;
  private FakeProvider able;
  private RuleFolder rules;
  private Gateway gateway;
  private Contract contract;

  /** One answer of an operation, and how to get it. */
  private record Promise(String operation, int status, Callable<HttpResponse<String>> ask) {
    String name() {
      return operation + " " + status;
    }
  }

  @BeforeAll
  void start() {
    provider =
        new FakeProvider(call -> call.json(500, "{\"error\":{\"message\":\"it is broken\"}}"));
    able = new FakeProvider(OpenApiIT::answer);
    rules = new RuleFolder(temp);
    List<String> settings = new ArrayList<>();
    settings.add("iir.server.max-body-size=64KB");
    settings.addAll(List.of(Gateway.provider("broken", provider.baseUrl())));
    settings.addAll(List.of(Gateway.provider("able", able.baseUrl())));
    settings.addAll(List.of(Gateway.provider("gone", "http://127.0.0.1:1/v1")));
    settings.addAll(List.of(ModelProgram.settings(0, "local/a")));
    settings.addAll(List.of(rules.settings()));
    gateway = Gateway.start(settings.toArray(String[]::new));
    contract = new Contract(Yaml.parse(gateway.get("/openapi.yaml").body()));
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    provider.close();
    able.close();
  }

  /** What a provider says that can do all but chat. */
  private static void answer(FakeProvider.Call call) throws IOException {
    if (call.target().endsWith("/speech")) {
      call.head(200, "audio/mpeg", "Content-Length: 3");
      call.write(new byte[] {'I', 'D', '3'});
    } else {
      call.json(200, "{\"object\":\"list\"}");
    }
  }

  @TestFactory
  Stream<DynamicTest> keepsEachPromise() {
    return promises().stream()
        .map(promise ->
            DynamicTest.dynamicTest(
                promise.name(),
                () -> {
                  HttpResponse<String> answer = promise.ask().call();
                  assertThat(answer.statusCode()).as(answer.body()).isEqualTo(promise.status());
                  contract.check(promise.operation(), answer);
                }));
  }

  @Test
  void eachPromiseIsTried() {
    Set<String> tried = new TreeSet<>(promises().stream().map(Promise::name).toList());
    assertThat(tried).isEqualTo(contract.answers());
  }

  @Test
  void eachRouteIsDescribed() {
    List<String> served =
        gateway.bean(CamelContext.class).getRoutes().stream()
            .map(Route::getEndpoint)
            .filter(PlatformHttpEndpoint.class::isInstance)
            .map(PlatformHttpEndpoint.class::cast)
            .map(each ->
                each.getHttpMethodRestrict()
                    + " "
                    + each.getPath()
                    + (isPrefixOfAnId(each) ? "{id}" : ""))
            .toList();
    assertThat(contract.operations()).containsExactlyInAnyOrderElementsOf(served);
  }

  /** The files below {@code /docs} are no operations. */
  private static boolean isPrefixOfAnId(PlatformHttpEndpoint endpoint) {
    return endpoint.isMatchOnUriPrefix() && !endpoint.getPath().equals("/docs");
  }

  @TestFactory
  Stream<DynamicTest> otherMethodsAreRefusedInTheSameForm() {
    return contract.operations().stream()
        .map(operation -> operation.split(" ", 2)[1])
        .filter(path -> !path.equals(KEY))
        .map(path -> path.replace("{id}", path.startsWith(RULES) ? "a" : "a/b"))
        .map(path -> path.replace("{name}", "sim"))
        .distinct()
        .map(path ->
            DynamicTest.dynamicTest(
                "PUT " + path,
                () -> {
                  HttpResponse<String> answer =
                      gateway.send(
                          gateway.request(path).PUT(HttpRequest.BodyPublishers.noBody()).build());
                  assertThat(answer.statusCode()).isEqualTo(405);
                  assertThat(answer.headers().firstValue("Allow")).isPresent();
                  contract.checkShared("Error", answer);
                }));
  }

  @Test
  void anUnknownPathIsRefusedInTheSameForm() {
    HttpResponse<String> answer = gateway.get("/v2/nothing");
    assertThat(answer.statusCode()).isEqualTo(404);
    contract.checkShared("Error", answer);
  }

  // ---- the promises

  private List<Promise> promises() {
    List<Promise> all = new ArrayList<>();
    chat(all);
    classifier(all);
    otherForms(all, "/v1/responses", "\"input\":\"Hello\"");
    otherForms(all, "/v1/completions", "\"prompt\":\"Hello\"");
    messages(all);
    otherOperation(all, "/v1/embeddings", "\"input\":[\"Hello\"]");
    otherOperation(all, "/v1/rerank", "\"query\":\"a\",\"documents\":[\"a\"]");
    otherOperation(all, "/v1/moderations", "\"input\":\"Hello\"");
    otherOperation(all, "/v1/images/generations", "\"prompt\":\"a cat\"");
    otherOperation(all, "/v1/audio/speech", "\"input\":\"Hello\"");
    transcriptions(all);
    models(all);
    operation(all);
    registry(all);
    providers(all);
    keys(all);
    rules(all);
    trials(all);
    usage(all);
    cache(all);
    return all;
  }

  private void chat(List<Promise> all) {
    String operation = "POST " + CHAT;
    all.add(new Promise(operation, 200, () -> gateway.chat(body("sim/echo"))));
    all.add(new Promise(operation, 200, () -> gateway.chat(body("auto"))));
    all.add(
        new Promise(
            operation,
            200,
            () ->
                gateway.chat(
                    body("sim/lorem").replace("{\"model\"", "{\"stream\":true,\"model\""))));
    all.add(new Promise(operation, 400, () -> gateway.chat("{\"model\":")));
    all.add(new Promise(operation, 401, () -> withoutKey(CHAT, "POST", body("sim/echo"))));
    all.add(
        new Promise(
            operation,
            403,
            () -> chatAs(secret("{\"name\":\"a\",\"models\":[\"sim/echo\"]}"), "sim/lorem")));
    all.add(new Promise(operation, 404, () -> gateway.chat(body("nowhere/model"))));
    all.add(new Promise(operation, 413, () -> gateway.chat(" ".repeat(70_000))));
    all.add(
        new Promise(
            operation,
            415,
            () ->
                gateway.send(
                    gateway
                        .request(CHAT, "Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString(body("sim/echo")))
                        .build())));
    all.add(
        new Promise(
            operation,
            200,
            () -> {
              gateway.chat(body("sim/echo"), "Idempotency-Key", "\"again\"");
              return gateway.chat(body("sim/echo"), "Idempotency-Key", "\"again\"");
            }));
    all.add(
        new Promise(
            operation,
            422,
            () -> {
              gateway.chat(body("sim/echo"), "Idempotency-Key", "reused");
              return gateway.chat(body("sim/lorem"), "Idempotency-Key", "reused");
            }));
    all.add(
        new Promise(
            operation,
            429,
            () -> {
              String key = secret("{\"name\":\"b\",\"limits\":{\"rpm\":1}}");
              chatAs(key, "sim/echo");
              return chatAs(key, "sim/echo");
            }));
    all.add(new Promise(operation, 502, () -> gateway.chat(body("broken/model"))));
    all.add(new Promise(operation, 503, () -> gateway.chat(body("gone/model"))));
    all.add(
        new Promise(
            operation,
            504,
            () -> gateway.chat(body("broken/never-kept"), "Cache-Control", "only-if-cached")));
  }

  private void cache(List<Promise> all) {
    String path = "/api/v1/cache";
    all.add(new Promise("GET " + path, 200, () -> gateway.get(path)));
    all.add(new Promise("DELETE " + path, 200, () -> admin("DELETE", path, "")));
    all.add(new Promise("DELETE " + path, 400, () -> admin("DELETE", path + "?user=me", "")));
    for (String method : List.of("GET", "DELETE")) {
      all.add(new Promise(method + " " + path, 401, () -> withoutKey(path, method, "")));
      all.add(
          new Promise(
              method + " " + path,
              403,
              () ->
                  gateway.send(
                      gateway
                          .request(path, "Authorization", "Bearer " + secret("{\"name\":\"c\"}"))
                          .method(method, HttpRequest.BodyPublishers.noBody())
                          .build())));
    }
  }

  private void classifier(List<Promise> all) {
    String feedback = "POST " + FEEDBACK;
    String none = "{\"request_id\":\"none\",\"score\":1}";
    all.add(new Promise(feedback, 200, this::giveFeedback));
    all.add(new Promise(feedback, 400, () -> admin("POST", FEEDBACK, none.replace(":1", ":2"))));
    all.add(new Promise(feedback, 401, () -> withoutKey(FEEDBACK, "POST", none)));
    all.add(new Promise(feedback, 404, () -> admin("POST", FEEDBACK, none)));
    all.add(new Promise(feedback, 413, () -> admin("POST", FEEDBACK, " ".repeat(70_000))));
    all.add(new Promise(feedback, 415, () -> asText("POST", FEEDBACK)));
    all.add(
        new Promise(
            feedback,
            429,
            () -> {
              String key = secret("{\"name\":\"f\",\"limits\":{\"rpm\":1}}");
              say(key, none);
              return say(key, none);
            }));
    String refit = CLASSIFIER + "/refit";
    String rollback = CLASSIFIER + "/rollback";
    all.add(new Promise("POST " + refit, 409, () -> withoutEvents(refit)));
    all.add(new Promise("POST " + refit, 200, () -> refitted(refit)));
    all.add(new Promise("GET " + CLASSIFIER, 200, () -> gateway.get(CLASSIFIER)));
    all.add(
        new Promise(
            "POST " + rollback,
            200,
            () -> {
              refitted(refit);
              return admin("POST", rollback, "");
            }));
    all.add(
        new Promise(
            "POST " + rollback,
            409,
            () -> {
              while (admin("POST", rollback, "").statusCode() == 200) {}
              return admin("POST", rollback, "");
            }));
    refusals(all, "GET " + CLASSIFIER, CLASSIFIER);
    refusals(all, "POST " + refit, refit);
    refusals(all, "POST " + rollback, rollback);
  }

  private HttpResponse<String> giveFeedback() {
    String request =
        gateway.chat(body("auto/cost")).headers().firstValue("x-request-id").orElseThrow();
    return admin("POST", FEEDBACK, "{\"request_id\":\"%s\",\"score\":1}".formatted(request));
  }

  private HttpResponse<String> say(String key, String feedback) {
    return gateway.send(
        gateway
            .request(FEEDBACK, "Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(feedback))
            .build());
  }

  /** This gateway offers nobody a choice: it is written in. */
  private HttpResponse<String> refitted(String refit) {
    giveFeedback();
    JdbcClient.create(gateway.bean(DataSource.class))
        .sql("update feedback set weak = model, strong = 'able/strong'")
        .update();
    return admin("POST", refit, "");
  }

  private HttpResponse<String> withoutEvents(String refit) {
    JdbcClient.create(gateway.bean(DataSource.class)).sql("delete from feedback").update();
    return admin("POST", refit, "");
  }

  private void usage(List<Promise> all) {
    String groups = "?group_by=day,key,team,model";
    all.add(new Promise("GET " + USAGE, 200, () -> gateway.get(USAGE + groups)));
    all.add(new Promise("GET " + USAGE, 200, () -> gateway.get(USAGE + "?format=csv")));
    for (String path : List.of(USAGE, USAGE + "/requests")) {
      String operation = "GET " + path;
      String secret = "{\"name\":\"u\"}";
      all.add(new Promise(operation, 200, () -> gateway.get(path)));
      all.add(new Promise(operation, 400, () -> gateway.get(path + "?from=now")));
      all.add(new Promise(operation, 401, () -> withoutKey(path, "GET", "")));
      all.add(
          new Promise(
              operation,
              403,
              () -> gateway.get(path, "Authorization", "Bearer " + secret(secret))));
    }
  }

  /** An API over the same steps: {@code rest} is its request without the model. */
  private void otherForms(List<Promise> all, String path, String rest) {
    String operation = "POST " + path;
    String body = "{\"model\":\"%s\"," + rest + "}";
    all.add(new Promise(operation, 200, () -> admin("POST", path, body.formatted("sim/echo"))));
    all.add(new Promise(operation, 400, () -> admin("POST", path, "{\"model\":\"sim/echo\"}")));
    all.add(new Promise(operation, 401, () -> withoutKey(path, "POST", body.formatted("auto"))));
    all.add(new Promise(operation, 404, () -> admin("POST", path, body.formatted("nowhere/m"))));
  }

  private void messages(List<Promise> all) {
    String operation = "POST " + MESSAGES;
    String counting = "POST " + COUNT;
    for (String path : List.of(MESSAGES, COUNT)) {
      String each = "POST " + path;
      all.add(new Promise(each, 200, () -> admin("POST", path, message("sim/echo"))));
      all.add(new Promise(each, 400, () -> admin("POST", path, "{\"model\":7}")));
      all.add(new Promise(each, 401, () -> withoutKey(path, "POST", message("sim/echo"))));
      all.add(new Promise(each, 404, () -> admin("POST", path, message("nowhere/model"))));
      all.add(new Promise(each, 413, () -> admin("POST", path, " ".repeat(70_000))));
      all.add(new Promise(each, 415, () -> asText("POST", path)));
      all.add(
          new Promise(
              each,
              429,
              () -> {
                String key = secret("{\"name\":\"m\",\"limits\":{\"rpm\":1}}");
                messageAs(key, path, "sim/echo");
                return messageAs(key, path, "sim/echo");
              }));
      all.add(
          new Promise(
              each,
              403,
              () ->
                  messageAs(
                      secret("{\"name\":\"n\",\"models\":[\"sim/echo\"]}"), path, "sim/lorem")));
    }
    String streamed = message("sim/lorem").replace("{\"model\"", "{\"stream\":true,\"model\"");
    all.add(new Promise(operation, 200, () -> admin("POST", MESSAGES, streamed)));
    all.add(new Promise(counting, 200, () -> admin("POST", COUNT, message("auto"))));
    all.add(new Promise(operation, 502, () -> admin("POST", MESSAGES, message("broken/model"))));
    all.add(new Promise(operation, 503, () -> admin("POST", MESSAGES, message("gone/model"))));
    all.add(
        new Promise(
            operation,
            504,
            () ->
                gateway.send(
                    gateway
                        .request(
                            MESSAGES,
                            "Content-Type",
                            "application/json",
                            "Cache-Control",
                            "only-if-cached")
                        .POST(HttpRequest.BodyPublishers.ofString(message("broken/never-kept")))
                        .build())));
  }

  private static String message(String model) {
    return "{\"model\":\"%s\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
        .formatted(model);
  }

  private HttpResponse<String> messageAs(String key, String path, String model) {
    return gateway.send(
        HttpRequest.newBuilder(gateway.url(path))
            .header("x-api-key", key)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(message(model)))
            .build());
  }

  /** Something other than a conversation: {@code rest} is its request without the model. */
  private void otherOperation(List<Promise> all, String path, String rest) {
    String operation = "POST " + path;
    String body = "{\"model\":\"able/m\"," + rest + "}";
    all.add(new Promise(operation, 200, () -> admin("POST", path, body)));
    all.add(new Promise(operation, 400, () -> admin("POST", path, "{\"model\":\"able/m\"}")));
    all.add(new Promise(operation, 401, () -> withoutKey(path, "POST", body)));
    all.add(new Promise(operation, 413, () -> admin("POST", path, " ".repeat(70_000))));
    all.add(new Promise(operation, 415, () -> asText("POST", path)));
  }

  private void transcriptions(List<Promise> all) {
    String path = "/v1/audio/transcriptions";
    String operation = "POST " + path;
    all.add(new Promise(operation, 200, () -> form(path, "able/m")));
    all.add(new Promise(operation, 400, () -> form(path, "")));
    all.add(new Promise(operation, 401, () -> withoutKey(path, "POST", "")));
    all.add(new Promise(operation, 413, () -> form(path, "m".repeat(70_000))));
    all.add(new Promise(operation, 415, () -> asText("POST", path)));
  }

  private HttpResponse<String> form(String path, String model) {
    String part = "--a\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
    return gateway.send(
        gateway
            .request(path, "Content-Type", "multipart/form-data; boundary=a")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    part.formatted("model", model) + part.formatted("file", "RIFF") + "--a--\r\n"))
            .build());
  }

  private void models(List<Promise> all) {
    all.add(new Promise("GET /v1/models", 200, () -> gateway.get("/v1/models")));
    all.add(new Promise("GET /v1/models", 401, () -> withoutKey("/v1/models", "GET", "")));
    String one = "GET /v1/models/{id}";
    all.add(new Promise(one, 200, () -> gateway.get("/v1/models/sim/echo")));
    all.add(new Promise(one, 200, () -> gateway.get("/v1/models/sim%2Fecho")));
    all.add(new Promise(one, 200, () -> gateway.get("/v1/models/gone/any-name")));
    all.add(new Promise(one, 400, () -> gateway.get("/v1/models/no-slash")));
    all.add(new Promise(one, 401, () -> withoutKey("/v1/models/sim/echo", "GET", "")));
    all.add(new Promise(one, 404, () -> gateway.get("/v1/models/sim/none")));
  }

  private void operation(List<Promise> all) {
    for (String path : List.of("/health", "/health/live", "/health/ready", "/metrics")) {
      all.add(new Promise("GET " + path, 200, () -> withoutKey(path, "GET", "")));
    }
    all.add(new Promise("GET /health/ready", 503, OpenApiIT::readinessWhileStopping));
    all.add(new Promise("GET /docs", 200, () -> withoutKey("/docs", "GET", "")));
    all.add(new Promise("GET /openapi.yaml", 200, () -> gateway.get("/openapi.yaml")));
    all.add(new Promise("GET /openapi.yaml", 401, () -> withoutKey("/openapi.yaml", "GET", "")));
  }

  private void registry(List<Promise> all) {
    String refresh = "POST " + REFRESH;
    String status = "GET " + STATUS;
    all.add(new Promise(refresh, 200, () -> admin("POST", REFRESH, "")));
    all.add(new Promise(refresh, 200, () -> admin("POST", REFRESH + "?provider=sim", "")));
    all.add(new Promise(refresh, 400, () -> admin("POST", REFRESH + "?all=true", "")));
    all.add(new Promise(refresh, 404, () -> admin("POST", REFRESH + "?provider=none", "")));
    refusals(all, refresh, REFRESH);
    all.add(new Promise(status, 200, () -> gateway.get(STATUS)));
    all.add(new Promise(status, 401, () -> withoutKey(STATUS, "GET", "")));
  }

  private void providers(List<Promise> all) {
    all.add(new Promise("GET " + PROVIDERS, 200, () -> gateway.get(PROVIDERS)));
    refusals(all, "GET " + PROVIDERS, PROVIDERS);
    for (String each : List.of("GET ", "POST /drain", "POST /enable")) {
      String method = each.substring(0, each.indexOf(' '));
      String rest = each.substring(each.indexOf(' ') + 1);
      String operation = method + " " + PROVIDERS + "/{name}" + rest;
      String path = PROVIDERS + "/broken" + rest;
      all.add(new Promise(operation, 200, () -> admin(method, path, "")));
      all.add(new Promise(operation, 404, () -> admin(method, PROVIDERS + "/nowhere" + rest, "")));
      refusals(all, operation, path);
    }
  }

  private void keys(List<Promise> all) {
    all.add(new Promise("POST " + KEYS, 201, () -> admin("POST", KEYS, "{\"name\":\"c\"}")));
    all.add(new Promise("POST " + KEYS, 400, () -> admin("POST", KEYS, "{\"name\":7}")));
    all.add(new Promise("GET " + KEYS, 200, () -> gateway.get(KEYS)));
    all.add(new Promise("GET " + KEY, 200, () -> gateway.get(KEYS + "/" + id())));
    all.add(
        new Promise(
            "PATCH " + KEY, 200, () -> admin("PATCH", KEYS + "/" + id(), "{\"team\":\"x\"}")));
    all.add(
        new Promise(
            "PATCH " + KEY, 400, () -> admin("PATCH", KEYS + "/" + id(), "{\"name\":null}")));
    all.add(new Promise("DELETE " + KEY, 200, () -> admin("DELETE", KEYS + "/" + id(), "")));
    all.add(new Promise("POST " + KEYS, 415, () -> asText("POST", KEYS)));
    all.add(new Promise("PATCH " + KEY, 415, () -> asText("PATCH", KEYS + "/key_none")));
    for (String operation : List.of("POST " + KEYS, "GET " + KEYS)) {
      refusals(all, operation, KEYS);
    }
    for (String method : List.of("GET", "PATCH", "DELETE")) {
      refusals(all, method + " " + KEY, KEYS + "/key_none");
      all.add(
          new Promise(
              method + " " + KEY,
              404,
              () -> admin(method, KEYS + "/key_none", "{\"team\":\"x\"}")));
    }
  }

  private void rules(List<Promise> all) {
    String versions = "GET " + RULES + "/{id}/versions";
    String rollBack = "POST " + RULES + "/{id}/rollback";
    String decisions = "GET " + RULES + "/decisions";
    String list = "GET " + RULES;
    String reload = "POST " + RULES + "/reload";
    all.add(new Promise(list, 200, () -> gateway.get(RULES)));
    all.add(new Promise(list, 200, this::listWithARefusal));
    all.add(new Promise("GET /health", 200, this::healthWithARefusal));
    all.add(new Promise(reload, 200, () -> admin("POST", RULES + "/reload", "")));
    all.add(new Promise(versions, 200, () -> gateway.get(RULES + "/" + RULE + "/versions")));
    all.add(new Promise(versions, 404, () -> gateway.get(RULES + "/none/versions")));
    all.add(
        new Promise(
            rollBack,
            409,
            () -> {
              rules.write("new-rule", RuleFolder.rule("sim/echo", "a").replace(RULE, "new-rule"));
              admin("POST", RULES + "/reload", "");
              return admin("POST", RULES + "/new-rule/rollback", "");
            }));
    all.add(new Promise(rollBack, 200, this::rollBack));
    all.add(new Promise(rollBack, 404, () -> admin("POST", RULES + "/none/rollback", "")));
    all.add(
        new Promise(
            decisions,
            200,
            () -> {
              gateway.chat(body("auto"));
              return gateway.get(RULES + "/decisions");
            }));
    all.add(new Promise(decisions, 400, () -> gateway.get(RULES + "/decisions?last=all")));
    refusals(all, list, RULES);
    refusals(all, reload, RULES + "/reload");
    refusals(all, decisions, RULES + "/decisions");
    refusals(all, versions, RULES + "/none/versions");
    refusals(all, rollBack, RULES + "/none/rollback");
  }

  /** A new file that is refused is listed, too, and makes the gateway's health bad. */
  private HttpResponse<String> listWithARefusal() {
    rules.write("broken-rule", "- route: {id: broken-rule, group: rules}");
    HttpResponse<String> answer = admin("POST", RULES + "/reload", "");
    assertThat(Gateway.json(answer.body()).path("data").findValuesAsText("id"))
        .contains("broken-rule");
    return gateway.get(RULES);
  }

  private HttpResponse<String> healthWithARefusal() {
    listWithARefusal();
    HttpResponse<String> answer = gateway.get("/health");
    assertThat(Gateway.json(answer.body()).path("status").asText()).isEqualTo("degraded");
    return answer;
  }

  private HttpResponse<String> rollBack() {
    for (String reason : List.of("one", "two")) {
      rules.write(RuleFolder.rule("sim/echo", reason));
      admin("POST", RULES + "/reload", "");
    }
    return admin("POST", RULES + "/" + RULE + "/rollback", "");
  }

  private void trials(List<Promise> all) {
    String text = RuleFolder.rule("sim/lorem", "tried");
    String validate = RULES + "/validate";
    String backtest = RULES + "/backtest";
    for (String path : List.of(validate, backtest)) {
      String operation = "POST " + path;
      all.add(new Promise(operation, 200, () -> yaml(path, text)));
      all.add(new Promise(operation, 200, () -> admin("POST", path, inJson(text))));
      all.add(new Promise(operation, 400, () -> admin("POST", path, "{\"text\":7}")));
      all.add(new Promise(operation, 413, () -> yaml(path, "#".repeat(70_000))));
      all.add(new Promise(operation, 415, () -> asText("POST", path)));
      refusals(all, operation, path);
    }
    all.add(
        new Promise(
            "POST " + backtest,
            200,
            () -> {
              gateway.chat(body("auto"));
              return yaml(backtest, text);
            }));
    all.add(new Promise("POST " + backtest, 400, () -> yaml(backtest, "- route:")));
    all.add(new Promise("POST " + validate, 200, () -> yaml(validate, "- route:")));
    String explain = "POST " + EXPLAIN;
    all.add(new Promise(explain, 200, () -> admin("POST", EXPLAIN, body("auto"))));
    all.add(
        new Promise(
            explain,
            200,
            () -> {
              String document = "{\"name\":\"g\",\"team\":\"t\",\"models\":[\"sim/echo\"]}";
              return admin(
                  "POST",
                  EXPLAIN,
                  "{\"key\":\"%s\",\"request\":%s}"
                      .formatted(created(document).path("id").asText(), body("sim/lorem")));
            }));
    all.add(
        new Promise(
            explain,
            200,
            () ->
                admin(
                    "POST",
                    EXPLAIN,
                    "{\"rule\":%s,\"headers\":{\"x-tenant\":\"a\"},\"request\":%s}"
                        .formatted(inJson(text), body("auto")))));
    all.add(new Promise(explain, 400, () -> admin("POST", EXPLAIN, "{}")));
    all.add(new Promise(explain, 404, () -> admin("POST", EXPLAIN, body("nowhere/model"))));
    all.add(new Promise(explain, 413, () -> admin("POST", EXPLAIN, " ".repeat(70_000))));
    all.add(new Promise(explain, 415, () -> asText("POST", EXPLAIN)));
    refusals(all, explain, EXPLAIN);
  }

  private static String inJson(String text) {
    return JSON.createObjectNode().put("text", text).toString();
  }

  private HttpResponse<String> yaml(String path, String text) {
    return gateway.send(
        gateway
            .request(path, "Content-Type", "application/yaml")
            .POST(HttpRequest.BodyPublishers.ofString(text))
            .build());
  }

  /** What whoever is not the administrator is told. */
  private void refusals(List<Promise> all, String operation, String path) {
    String method = operation.split(" ", 2)[0];
    all.add(new Promise(operation, 401, () -> withoutKey(path, method, "{}")));
    all.add(
        new Promise(
            operation,
            403,
            () -> send(secret("{\"name\":\"d\"}"), method, path, "{\"name\":\"e\"}")));
  }

  // ---- requests

  private static String body(String model) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}"
        .formatted(model);
  }

  private HttpResponse<String> chatAs(String key, String model) {
    return send(key, "POST", CHAT, body(model));
  }

  private HttpResponse<String> admin(String method, String path, String body) {
    return send(Gateway.ADMIN_KEY, method, path, body);
  }

  private HttpResponse<String> send(String key, String method, String path, String body) {
    return gateway.send(
        gateway
            .request(path, "Authorization", "Bearer " + key, "Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpResponse<String> asText(String method, String path) {
    return gateway.send(
        gateway
            .request(path, "Content-Type", "text/plain")
            .method(method, HttpRequest.BodyPublishers.ofString("{\"name\":\"g\"}"))
            .build());
  }

  private HttpResponse<String> withoutKey(String path, String method, String body) {
    return gateway.send(
        HttpRequest.newBuilder(gateway.url(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private String secret(String document) throws IOException {
    return created(document).path("key").asText();
  }

  private String id() throws IOException {
    return created("{\"name\":\"f\",\"tags\":{\"env\":\"test\"}}").path("id").asText();
  }

  private JsonNode created(String document) throws IOException {
    return JSON.readTree(admin("POST", KEYS, document).body());
  }

  /** A stopping gateway waits for a stream under way, and says so meanwhile. */
  private static HttpResponse<String> readinessWhileStopping() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (FakeProvider slow =
            new FakeProvider(call -> {
              call.beginStream();
              call.token("a");
              end.await();
              call.endStream(1, 1);
            });
        Gateway stopping = Gateway.start(Gateway.provider("slow", slow.baseUrl()))) {
      HttpResponse<Stream<String>> stream =
          stopping
              .client()
              .send(
                  stopping
                      .request(CHAT, "Content-Type", "application/json")
                      .POST(
                          HttpRequest.BodyPublishers.ofString(
                              body("slow/m").replace("{\"model\"", "{\"stream\":true,\"model\"")))
                      .build(),
                  HttpResponse.BodyHandlers.ofLines());
      assertThat(stream.statusCode()).isEqualTo(200);
      GatewayServer server = stopping.bean(GatewayServer.class);
      Thread stop = Thread.ofVirtual().start(server::stop);
      await().until(() -> !server.ready());
      HttpResponse<String> answer = stopping.get("/health/ready");
      end.countDown();
      assertThat(stream.body()).contains("data: [DONE]");
      stop.join();
      return answer;
    }
  }
}
