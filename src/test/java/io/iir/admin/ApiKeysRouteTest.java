package io.iir.admin;

import static org.apache.camel.model.ProcessorDefinitionHelper.filterTypeInOutputs;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.auth.KeyHash;
import io.iir.store.DataDirectory;
import io.iir.testing.Gateway;
import io.iir.testing.Vendor;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.OnExceptionDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiKeysRouteTest {

  private static final String ADMIN = Gateway.ADMIN_KEY;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
          .build();

  private final Gateway gateway = Gateway.start(store());

  /** Settings: where the keys are kept. */
  String[] store() {
    return Vendor.SQLITE.newStore();
  }

  @AfterAll
  void stop() throws Exception {
    gateway.close();
  }

  private record Answer(int status, JsonNode body, HttpResponse<byte[]> response) {}

  final JdbcClient store = gateway.bean(JdbcClient.class);
  private final CamelContext camel = gateway.bean(CamelContext.class);
  private final HttpClient http = gateway.client();

  @BeforeEach
  void startEmpty() {
    store.sql("delete from api_keys").update();
    store.sql("delete from audit_log").update();
  }

  private Answer send(String method, String path, @Nullable String body, @Nullable String key)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(gateway.url("/api/v1/apikeys" + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
    return new Answer(response.statusCode(), JSON.readTree(response.body()), response);
  }

  JsonNode create(String body) throws Exception {
    Answer answer = send("POST", "", body, ADMIN);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    return answer.body();
  }

  @Test
  void createsAKeyAndShowsItsSecretOnce() throws Exception {
    JsonNode made =
        create(
            """
            {"name": "büro", "team": "search", "models": ["local/*", "openai/gpt-4o"],
             "limits": {"rpm": 60, "concurrency": 0},
             "budget": {"usd": "12.500000001", "period": "day"}, "tags": {"b": "2", "a": "1"},
             "expires_at": "2999-12-31T23:00:00+01:00"}
            """);

    String secret = made.path("key").textValue();
    assertThat(secret).matches("sk-iir-[0-9A-Za-z]{43}");
    String id = made.path("id").textValue();
    assertThat(id).matches("key_[0-9A-Za-z]{22}");
    JsonNode shown = send("GET", "/" + id, null, ADMIN).body();
    JsonNode resets = ((ObjectNode) shown.path("budget")).remove("resets_at");
    assertThat(resets.textValue()).endsWith("T00:00:00Z");
    assertThat(shown)
        .isEqualTo(
            JSON.readTree(
                """
                {"id": "%s", "object": "api_key", "name": "büro", "team": "search",
                 "prefix": "%s…", "models": ["local/*", "openai/gpt-4o"],
                 "limits": {"rpm": 60, "tpm": null, "concurrency": 0},
                 "budget": {"usd": 12.500000001, "period": "day", "used_usd": 0,
                   "left_usd": 12.500000001},
                 "tags": {"b": "2", "a": "1"}, "created_at": "%s",
                 "expires_at": "2999-12-31T22:00:00Z"}
                """
                    .formatted(id, secret.substring(0, 11), made.path("created_at").textValue())));
    assertThat(store.sql("select key_hash from api_keys").query(String.class).single())
        .isEqualTo(KeyHash.of(secret).hex());
  }

  @Test
  void keepsNoSecretInTheDatabase() throws Exception {
    String secret = create("{\"name\": \"a\"}").path("key").textValue();
    store.sql("pragma wal_checkpoint(truncate)").query().listOfRows();

    String random = secret.substring("sk-iir-".length());
    assertThat(
            Files.readString(
                gateway.bean(DataDirectory.class).path().resolve("iir.db"),
                StandardCharsets.ISO_8859_1))
        .doesNotContain(random);
  }

  @Test
  void losesNoneOfTheChangesThatAreMadeAtOnce() throws Exception {
    String path = "/" + create("{\"name\": \"a\"}").path("id").textValue();
    List<Callable<Answer>> changes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String change = "{\"tags\": {\"t%d\": \"x\"}}".formatted(i);
      changes.add(() -> send("PATCH", path, change, ADMIN));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Answer> answer : threads.invokeAll(changes)) {
        assertThat(answer.get().status()).isEqualTo(200);
      }
    }

    assertThat(send("GET", path, null, ADMIN).body().path("tags")).hasSize(12);
  }

  @Test
  void fillsInWhatWasLeftOut() throws Exception {
    JsonNode made = create("{\"name\": \"a\"}");

    assertThat(made.path("models")).isEqualTo(JSON.readTree("[\"*\"]"));
    assertThat(made.path("limits"))
        .isEqualTo(JSON.readTree("{\"rpm\": null, \"tpm\": null, \"concurrency\": null}"));
    assertThat(made.path("tags")).isEmpty();
    assertThat(made.path("team").isNull()).isTrue();
    assertThat(made.path("expires_at").isNull()).isTrue();
  }

  @Test
  void listsOldestFirst() throws Exception {
    for (String name : List.of("first", "second", "third")) {
      create("{\"name\": \"" + name + "\"}");
    }
    store.sql("update api_keys set created_at = 1 where name = 'third'").update();
    store.sql("update api_keys set created_at = 2 where name = 'first'").update();

    Answer answer = send("GET", "", null, ADMIN);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body().path("object").textValue()).isEqualTo("list");
    assertThat(answer.body().path("data").findValuesAsText("name"))
        .containsExactly("third", "first", "second");
    assertThat(answer.body().path("data").findValues("key")).isEmpty();
  }

  @Test
  void listsNothingAsAnEmptyList() throws Exception {
    assertThat(send("GET", "", null, ADMIN).body())
        .isEqualTo(JSON.readTree("{\"object\": \"list\", \"data\": []}"));
  }

  @Test
  void changesWhatIsSentAndLeavesTheRest() throws Exception {
    String id =
        create(
                """
                {"name": "a", "team": "t", "models": ["local/*"], "limits": {"rpm": 1, "tpm": 2},
                 "tags": {"x": "1", "y": "2"}, "expires_at": "2999-01-01T00:00:00Z"}
                """)
            .path("id")
            .textValue();

    Answer answer =
        send(
            "PATCH",
            "/" + id,
            "{\"limits\": {\"rpm\": 9, \"tpm\": null}, \"tags\": {\"x\": null, \"z\": \"3\"}}",
            ADMIN);

    assertThat(answer.status()).isEqualTo(200);
    JsonNode key = answer.body();
    assertThat(key.path("limits"))
        .isEqualTo(JSON.readTree("{\"rpm\": 9, \"tpm\": null, \"concurrency\": null}"));
    assertThat(key.path("tags")).isEqualTo(JSON.readTree("{\"y\": \"2\", \"z\": \"3\"}"));
    assertThat(key.path("name").textValue()).isEqualTo("a");
    assertThat(key.path("team").textValue()).isEqualTo("t");
    assertThat(key.path("models")).isEqualTo(JSON.readTree("[\"local/*\"]"));
    assertThat(key.path("expires_at").textValue()).isEqualTo("2999-01-01T00:00:00Z");
    assertThat(key.has("key")).isFalse();
    assertThat(send("GET", "/" + id, null, ADMIN).body()).isEqualTo(key);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"budget": {"usd": 7}}                      | {"usd": 7, "period": "day"}
          {"budget": {"period": "total"}}             | {"usd": 2.5, "period": "total"}
          {"budget": {"usd": "0.000000001"}}          | {"usd": 0.000000001, "period": "day"}
          {"budget": {"usd": 0.1}}                    | {"usd": 0.1, "period": "day"}
          {"budget": {"usd": 9000000}}                | {"usd": 9000000, "period": "day"}
          {"budget": null}                            | null
          {"team": "x"}                               | {"usd": 2.5, "period": "day"}
          """)
  void changesABudgetExactly(String change, String shown) throws Exception {
    String id =
        create("{\"name\": \"a\", \"budget\": {\"usd\": 2.50, \"period\": \"day\"}}")
            .path("id")
            .textValue();

    Answer answer = send("PATCH", "/" + id, change, ADMIN);

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(JSON.writeValueAsString(answer.body().path("budget")))
        .isEqualTo(shown.replace(" ", ""));
  }

  @Test
  void clearsWhatIsSentAsNull() throws Exception {
    String id =
        create(
                """
                {"name": "a", "team": "t", "models": ["local/*"], "limits": {"rpm": 1},
                 "tags": {"x": "1"}, "expires_at": "2999-01-01T00:00:00Z"}
                """)
            .path("id")
            .textValue();

    JsonNode key =
        send(
                "PATCH",
                "/" + id,
                """
                {"team": null, "models": null, "limits": null, "budget": null, "tags": null, "expires_at": null}
                """,
                ADMIN)
            .body();

    assertThat(key.path("team").isNull()).isTrue();
    assertThat(key.path("models")).isEqualTo(JSON.readTree("[\"*\"]"));
    assertThat(key.path("limits").path("rpm").isNull()).isTrue();
    assertThat(key.path("tags")).isEmpty();
    assertThat(key.path("expires_at").isNull()).isTrue();
  }

  @Test
  void revokesAtOnce() throws Exception {
    JsonNode made = create("{\"name\": \"a\"}");
    String id = made.path("id").textValue();
    String secret = made.path("key").textValue();
    assertThat(send("GET", "", null, secret).status()).isEqualTo(403);

    Answer answer = send("DELETE", "/" + id, null, ADMIN);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            JSON.readTree("{\"id\": \"" + id + "\", \"object\": \"api_key\", \"deleted\": true}"));
    assertThat(send("GET", "", null, secret).status()).isEqualTo(401);
    assertThat(send("GET", "/" + id, null, ADMIN).status()).isEqualTo(404);
    assertThat(send("DELETE", "/" + id, null, ADMIN).status()).isEqualTo(404);
    assertThat(send("PATCH", "/" + id, "{}", ADMIN).status()).isEqualTo(404);
    assertThat(send("GET", "", null, ADMIN).body().path("data")).isEmpty();
  }

  @Test
  void logsWhatTheAdministratorDid() throws Exception {
    JsonNode made = create("{\"name\": \"a\"}");
    String id = made.path("id").textValue();
    send("PATCH", "/" + id, "{\"team\": \"t\"}", ADMIN);
    send("DELETE", "/" + id, null, ADMIN);
    send("DELETE", "/key_none", null, ADMIN);

    List<Map<String, Object>> log =
        store.sql("select * from audit_log order by at").query().listOfRows();

    assertThat(log)
        .extracting(row -> row.get("action"))
        .containsExactlyInAnyOrder("api_key.create", "api_key.update", "api_key.delete");
    assertThat(log).extracting(row -> row.get("subject")).containsOnly(id);
    assertThat(log).extracting(row -> row.get("actor")).containsOnly("key_admin");
    assertThat(log).extracting(row -> row.get("detail")).contains("{\"team\":\"t\"}", "{}");
    assertThat(log.toString()).doesNotContain(made.path("key").textValue());
  }

  @Test
  void changesNothingWhereTheAuditEntryCannotBeWritten() throws Exception {
    String id = create("{\"name\": \"a\"}").path("id").textValue();
    store.sql("alter table audit_log rename to away").update();
    try {
      HttpRequest request =
          HttpRequest.newBuilder(gateway.url("/api/v1/apikeys/" + id))
              .header("Authorization", "Bearer " + ADMIN)
              .DELETE()
              .build();
      assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(500);
    } finally {
      store.sql("alter table away rename to audit_log").update();
    }
    assertThat(send("GET", "/" + id, null, ADMIN).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, ''",
    "GET, ''",
    "GET, /key_x",
    "PATCH, /key_x",
    "DELETE, /key_x",
  })
  void isForTheAdministratorAlone(String method, String path) throws Exception {
    String user = create("{\"name\": \"a\"}").path("key").textValue();

    Answer refused = send(method, path, "{\"name\": \"b\"}", user);
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body().at("/error/code").textValue()).isEqualTo("admin_required");
    assertThat(send(method, path, "{\"name\": \"b\"}", null).status()).isEqualTo(401);
    assertThat(store.sql("select count(*) from api_keys").query(Long.class).single()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/key_none", "/key_admin", "/%27%20or%201=1"})
  void saysThatAnIdIsUnknown(String path) throws Exception {
    Answer answer = send("GET", path, null, ADMIN);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body().at("/error/code").textValue()).isEqualTo("not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                          | name
          {"name": null}                              | name
          {"name": ""}                                | name
          {"name": " a"}                              | name
          {"name": "a\\nb"}                           | name
          {"name": 1}                                 | name
          {"name": "a", "budget": 1}                  | budget
          {"name": "a", "budget": {}}                 | budget.usd
          {"name": "a", "budget": {"usd": 0}}         | budget.usd
          {"name": "a", "budget": {"usd": -1}}        | budget.usd
          {"name": "a", "budget": {"usd": "1 USD"}}   | budget.usd
          {"name": "a", "budget": {"usd": null}}      | budget.usd
          {"name": "a", "budget": {"usd": 0.0000000001}}| budget.usd
          {"name": "a", "budget": {"usd": 9000000.1}} | budget.usd
          {"name": "a", "budget": {"usd": 1e999999}}  | budget.usd
          {"name": "a", "budget": {"usd": 1, "period": "week"}}| budget.period
          {"name": "a", "budget": {"usd": 1, "in": 2}}| budget.in
          {"name": "a", "key": "sk-iir-x"}            | key
          {"name": "a", "team": ["x"]}                | team
          {"name": "a", "team": "other"}              | team
          {"name": "a", "team": "none"}               | team
          {"name": "a", "models": "local/*"}          | models
          {"name": "a", "models": []}                 | models
          {"name": "a", "models": ["*", "gpt-4o"]}    | models[1]
          {"name": "a", "models": ["local/a*"]}       | models[0]
          {"name": "a", "models": [null]}             | models[0]
          {"name": "a", "limits": []}                 | limits
          {"name": "a", "limits": {"rps": 1}}         | limits.rps
          {"name": "a", "limits": {"rpm": -1}}        | limits.rpm
          {"name": "a", "limits": {"tpm": 1.5}}       | limits.tpm
          {"name": "a", "limits": {"tpm": 2147483648}}| limits.tpm
          {"name": "a", "limits": {"concurrency": "1"}}| limits.concurrency
          {"name": "a", "tags": {"x": 1}}             | tags.x
          {"name": "a", "tags": {"": "1"}}            | tags
          {"name": "a", "tags": "x"}                  | tags
          {"name": "a", "expires_at": "tomorrow"}     | expires_at
          {"name": "a", "expires_at": "2999-01-01"}   | expires_at
          {"name": "a", "expires_at": 32503680000}    | expires_at
          {"name": "a", "expires_at": "2001-01-01T00:00:00Z"}       | expires_at
          {"name": "a", "expires_at": "+99999-01-01T00:00:00Z"}     | expires_at
          """)
  void saysWhichFieldIsWrong(String body, String param) throws Exception {
    Answer answer = send("POST", "", body, ADMIN);

    assertThat(answer.status()).isEqualTo(400);
    JsonNode error = answer.body().path("error");
    assertThat(error.path("code").textValue()).isEqualTo("invalid_request");
    assertThat(error.path("param").textValue()).isEqualTo(param);
    assertThat(error.path("message").textValue()).contains(param);
    assertThat(store.sql("select count(*) from api_keys").query(Long.class).single()).isZero();
  }

  @Test
  void listsTheFieldsThatThereAre() throws Exception {
    Answer answer = send("POST", "", "{\"name\": \"a\", \"limit\": {}}", ADMIN);

    assertThat(answer.body().at("/error/message").textValue())
        .isEqualTo(
            "'limit' is not a known field; allowed are name, team, models, limits, budget, tags,"
                + " expires_at.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"name\": \"a\"} x", "{\"name\": \"a\", \"name\": \"b\"}"})
  void saysWhereTheJsonIsBroken(String body) throws Exception {
    Answer answer = send("POST", "", body, ADMIN);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().at("/error/code").textValue()).isEqualTo("invalid_json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"name\": null}", "{\"rpm\": 1}", "{\"limits\": {\"rpm\": -1}}"})
  void checksAChangeLikeANewKey(String body) throws Exception {
    String id = create("{\"name\": \"a\"}").path("id").textValue();

    assertThat(send("PATCH", "/" + id, body, ADMIN).status()).isEqualTo(400);
    assertThat(send("PATCH", "/key_none", body, ADMIN).status()).isEqualTo(400);
    assertThat(store.sql("select count(*) from audit_log").query(Long.class).single()).isEqualTo(1);
  }

  @Test
  void sendsNoSecretBack() throws Exception {
    Answer answer = send("GET", "", null, ADMIN);

    assertThat(answer.response().headers().map().toString()).doesNotContain(ADMIN);
  }

  @Test
  void namesEveryNode() {
    ModelCamelContext model = (ModelCamelContext) camel;
    for (RouteDefinition route : model.getRouteDefinitions()) {
      assertThat(route.getDescriptionText()).as(route.getRouteId()).isNotBlank();
      assertThat(filterTypeInOutputs(route.getOutputs(), ProcessorDefinition.class))
          .filteredOn(node -> !(node instanceof OnExceptionDefinition))
          .filteredOn(node -> !(node.getParent() instanceof OnExceptionDefinition))
          .allSatisfy(node -> assertThat(node.getId()).startsWith(route.getRouteId() + "."));
    }
  }
}
