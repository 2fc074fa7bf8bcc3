package io.iir.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.PostgresServer;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

class UsageApiIT {

  private static final String WHOLE =
      """
      {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
      "message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],\
      "usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18,\
      "prompt_tokens_details":{"cached_tokens":5}}}\
      """;

  /** What holds on both databases. */
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  abstract static class Kit {

    private FakeProvider provider;
    private Gateway gateway;
    private Gateway.NewKey web;
    private Gateway.NewKey evil;

    abstract String[] settings();

    @BeforeAll
    void start() {
      provider = new FakeProvider(call -> call.json(200, WHOLE));
      gateway =
          Gateway.start(
              Gateway.all(
                  Gateway.provider("p", provider.baseUrl()),
                  new String[] {
                    "iir.models[0].id=p/gpt",
                    "iir.models[0].price.input=0.1",
                    "iir.models[0].price.output=0.3",
                    "iir.cache.enabled=false"
                  },
                  settings()));
      web = gateway.newKey("{\"name\":\"web\",\"team\":\"shop\",\"models\":[\"*\"]}");
      evil = gateway.newKey("{\"name\":\"=cmd()\",\"team\":\"a,\\\"b\\\"\",\"models\":[\"*\"]}");
      for (int i = 0; i < 5; i++) {
        chat("p/gpt", web);
      }
      chat("p/other", web);
      chat("p/gpt", evil);
      provider.behave(call -> call.json(500, "{\"error\":{\"message\":\"broken\"}}"));
      assertThat(chat("p/gpt", evil).statusCode()).isEqualTo(502);
      assertThat(chat("nobody/x", web).statusCode()).isEqualTo(404);
    }

    @AfterAll
    void stop() throws Exception {
      gateway.close();
      provider.close();
    }

    private HttpResponse<String> chat(String model, Gateway.NewKey key) {
      return gateway.chat(
          "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
              .formatted(model),
          "Authorization",
          "Bearer " + key.secret(),
          "x-request-id",
          "of-" + model.replace('/', '-'));
    }

    private JsonNode usage(String query) {
      HttpResponse<String> answer = gateway.get("/api/v1/usage" + query);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return Gateway.json(answer.body());
    }

    private long ledger(String what) throws SQLException {
      try (Connection connection = gateway.bean(DataSource.class).getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select %s from usage_ledger".formatted(what))) {
        row.next();
        return row.getLong(1);
      }
    }

    @Test
    void totalsEqualTheLedger() throws SQLException {
      JsonNode total = usage("").path("total");
      assertThat(total.path("requests").asLong()).isEqualTo(9).isEqualTo(ledger("count(*)"));
      assertThat(total.path("errors").asLong()).isEqualTo(2);
      assertThat(total.path("prompt_tokens").asLong())
          .isEqualTo(77)
          .isEqualTo(ledger("sum(prompt_tokens)"));
      assertThat(total.path("cached_tokens").asLong()).isEqualTo(ledger("sum(cached_tokens)"));
      assertThat(total.path("completion_tokens").asLong())
          .isEqualTo(ledger("sum(completion_tokens)"));
      assertThat(total.path("cost_usd").asText().replace(".", ""))
          .isEqualTo("%010d".formatted(ledger("sum(cost_nano_usd)")));
      // 6 × (11 × 0.1 + 7 × 0.3) USD a million
      assertThat(total.path("cost_usd").asText()).isEqualTo("0.000019200");
    }

    @Test
    void sumsAreGroupedAsAsked() {
      JsonNode groups = usage("?group_by=key,model,team").path("data");
      assertThat(groups).hasSize(5); // of what no model answered, too
      JsonNode one = find(groups, "key", web.id(), "model", "p/gpt");
      assertThat(one.path("key_name").asText()).isEqualTo("web");
      assertThat(one.path("team").asText()).isEqualTo("shop");
      assertThat(one.path("requests").asLong()).isEqualTo(5);
      assertThat(one.path("cost_usd").asText()).isEqualTo("0.000016000");
      assertThat(one.has("day")).isFalse();
      JsonNode day = usage("").path("data");
      assertThat(day).hasSize(1);
      assertThat(day.path(0).path("day").asText())
          .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
    }

    private static JsonNode find(JsonNode groups, String... names) {
      for (JsonNode group : groups) {
        if (group.path(names[0]).asText().equals(names[1])
            && group.path(names[2]).asText().equals(names[3])) {
          return group;
        }
      }
      throw new AssertionError("none in " + groups);
    }

    @Test
    void sumsAreFiltered() {
      assertThat(usage("?key=web").path("total").path("requests").asLong()).isEqualTo(7);
      assertThat(usage("?key=" + web.id()).path("total").path("requests").asLong()).isEqualTo(7);
      assertThat(usage("?team=shop&model=p/other").path("total").path("requests").asLong())
          .isEqualTo(1);
      assertThat(usage("?model=p/*").path("total").path("requests").asLong()).isEqualTo(7);
      assertThat(usage("?from=2020-01-01&to=2020-12-31").path("total").path("requests").asLong())
          .isZero();
    }

    @Test
    void csvSaysWhatJsonSays() {
      String query = "?group_by=day,key,team,model";
      List<String> lines = new ArrayList<>();
      lines.add(
          "day,key,key_name,team,model,requests,errors,prompt_tokens,cached_tokens,"
              + "completion_tokens,cost_usd");
      for (JsonNode group : usage(query).path("data")) {
        String name = group.path("key_name").asText();
        String team = group.path("team").asText();
        lines.add(
            String.join(
                ",",
                group.path("day").asText(),
                group.path("key").asText(),
                name.startsWith("=") ? "'" + name : name,
                team.contains(",") ? "\"" + team.replace("\"", "\"\"") + "\"" : team,
                group.path("model").asText(""),
                group.path("requests").asText(),
                group.path("errors").asText(),
                group.path("prompt_tokens").asText(),
                group.path("cached_tokens").asText(),
                group.path("completion_tokens").asText(),
                group.path("cost_usd").asText()));
      }
      String expected = String.join("\r\n", lines) + "\r\n";
      HttpResponse<String> csv = gateway.get("/api/v1/usage" + query + "&format=csv");
      assertThat(csv.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
      assertThat(csv.body()).isEqualTo(expected);
      assertThat(gateway.get("/api/v1/usage" + query, "Accept", "text/csv").body())
          .isEqualTo(expected);
      assertThat(expected).contains("'=cmd()").contains("\"a,\"\"b\"\"\"");
    }

    @Test
    void requestsAreListedNewestFirstPageByPage() {
      List<JsonNode> all = new ArrayList<>();
      Set<String> ids = new HashSet<>();
      String after = "";
      boolean more = true;
      while (more) {
        JsonNode page = Gateway.json(gateway.get("/api/v1/usage/requests?limit=4" + after).body());
        page.path("data")
            .forEach(row -> {
              all.add(row);
              assertThat(ids.add(row.path("id").asText())).isTrue();
            });
        more = page.path("has_more").asBoolean();
        after = "&after=" + page.path("next").asText();
      }
      assertThat(all).hasSize(9);
      JsonNode last = all.getFirst();
      assertThat(last.path("status").asInt()).isEqualTo(404);
      assertThat(last.path("outcome").asText()).isEqualTo("client_error");
      assertThat(last.path("model").isNull()).isTrue();
      JsonNode first = all.getLast();
      assertThat(first.path("status").asInt()).isEqualTo(200);
      assertThat(first.path("key_name").asText()).isEqualTo("web");
      assertThat(first.path("team").asText()).isEqualTo("shop");
      assertThat(first.path("model").asText()).isEqualTo("p/gpt");
      assertThat(first.path("route").asText()).isEqualTo("chat-completions");
      assertThat(first.path("cached_tokens").asInt()).isEqualTo(5);
      assertThat(first.path("cost_usd").asText()).isEqualTo("0.000003200");
      assertThat(
              Gateway.json(gateway.get("/api/v1/usage/requests?key=web&model=p/other").body())
                  .path("data"))
          .hasSize(1);
    }

    @Test
    void requestsAreFoundByTheirIds() {
      assertThat(requests("?request_id=of-p-other")).hasSize(1);
      assertThat(requests("?request_id=of-p-other&team=nobody")).isEmpty();
      assertThat(requests("?request_id=of-p-gpt")).hasSize(7);
      assertThat(requests("?request_id=of-p")).isEmpty();
    }

    private JsonNode requests(String query) {
      return Gateway.json(gateway.get("/api/v1/usage/requests" + query).body()).path("data");
    }

    @Test
    void errorsNameTheParameter() {
      assertError("?from=yesterday", "from");
      assertError("?from=2026-08-01&to=2026-07-01", "from");
      assertError("?to=2026-02-30", "to");
      assertError("?group_by=day,day", "group_by");
      assertError("?group_by=colour", "group_by");
      assertError("?format=xml", "format");
      assertError("?key=", "key");
      assertError("?model=a&model=b", "model");
      assertError("?sort=up", "sort");
      assertError("/requests?limit=0", "limit");
      assertError("/requests?after=x", "after");
      assertError("/requests?request_id=", "request_id");
      assertError("?request_id=x", "request_id");
      HttpResponse<String> forbidden =
          gateway.get("/api/v1/usage", "Authorization", "Bearer " + web.secret());
      assertThat(forbidden.statusCode()).isEqualTo(403);
    }

    private void assertError(String query, String param) {
      HttpResponse<String> answer = gateway.get("/api/v1/usage" + query);
      assertThat(answer.statusCode()).as(query).isEqualTo(400);
      assertThat(Gateway.json(answer.body()).path("error").path("param").asText()).isEqualTo(param);
    }
  }

  @Nested
  class OnSqlite extends Kit {

    @Override
    String[] settings() {
      return new String[0];
    }
  }

  @Nested
  class OnPostgres extends Kit {

    @Override
    String[] settings() {
      return new String[] {PostgresServer.shared().setting()};
    }
  }
}
