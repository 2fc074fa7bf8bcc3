package io.iir.management;

import static io.iir.management.ManagedGateway.exec;
import static io.iir.management.ManagedGateway.read;
import static io.iir.management.ManagedGateway.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.StartException;
import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the management port answers, and whom. */
class ManagementIT {

  private static final String PROVIDER = "io.iir:type=Provider,name=\"sim\"";

  /** Bytes: many times that is what a list takes that describes each MBean by itself. */
  private static final int LONGEST_LIST = 500_000;

  private static ManagedGateway gateway;

  @BeforeAll
  static void start() {
    gateway =
        ManagedGateway.start(
            "iir.management.operations[0]=io.iir:type=Provider,*/drain",
            "iir.management.operations[1]=io.iir:type=Cache/clear()");
  }

  @AfterAll
  static void stop() throws IOException {
    gateway.close();
  }

  // ---- pages

  @Test
  void leadsToHawtio() {
    for (String path : List.of("/", "/hawtio", "/hawtio/auth/logout")) {
      RawHttp.Answer answer = gateway.get(path);
      assertThat(answer.status()).as(path).isEqualTo(302);
      assertThat(answer.header("Location")).isEqualTo("/hawtio/");
    }
  }

  @Test
  void showsHawtiosFirstPageAtEachOfItsAddresses() {
    for (String path : List.of("/hawtio/", "/hawtio/camel/routeDiagram", "/hawtio/jmx")) {
      RawHttp.Answer answer = gateway.get(path);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
      assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.header("Content-Security-Policy")).contains("default-src 'self'");
      assertThat(answer.body()).contains("<div id=\"root\">");
    }
  }

  @Test
  void keepsFilesInTheBrowserForAsLongAsTheyAreTheSame() {
    RawHttp.Answer page = gateway.get("/hawtio/");
    RawHttp.Answer hashed = gateway.get(script());
    assertThat(hashed.status()).isEqualTo(200);
    assertThat(hashed.header("Content-Type")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(hashed.header("Cache-Control")).contains("immutable");
    String tag = page.header("ETag");
    assertThat(tag).isNotNull();
    assertThat(page.header("Cache-Control")).isEqualTo("no-cache");
    RawHttp.Answer again = gateway.get("/hawtio/", "If-None-Match: " + tag);
    assertThat(again.status()).isEqualTo(304);
  }

  /** The path of Hawtio's script. */
  private static String script() {
    return gateway.get("/hawtio/").body().replaceFirst("(?s).*src=\"([^\"]+\\.js)\".*", "$1");
  }

  @Test
  void hasNothingElse() {
    for (String path :
        List.of(
            "/hawtio/static/js/none.js",
            "/hawtio/../application.yaml",
            "/hawtio/static/..%2f..%2fapplication.yaml",
            "/hawtio/static/js/main.js.map",
            "/hawtiox",
            "/v1/models")) {
      assertThat(gateway.get(path).status()).as(path).isIn(400, 404);
    }
    assertThat(gateway.gateway().get("/jolokia").statusCode()).isEqualTo(404);
  }

  // ---- who may ask

  @Test
  void refusesNamesThatOnlyPointToThisMachine() {
    assertThat(gateway.get("/jolokia", "Host: evil.example").body())
        .contains("requests to localhost only, and this one is to 'evil.example'");
    for (String host :
        List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example")) {
      assertThat(gateway.get("/hawtio/", "Host: " + host).status()).as(host).isEqualTo(403);
    }
    for (String host : List.of("localhost", "127.0.0.1:9001", "[::1]:8001", "LOCALHOST:8001")) {
      assertThat(gateway.get("/jolokia", "Host: " + host).status()).as(host).isEqualTo(200);
    }
  }

  @Test
  void refusesOtherSitesPages() {
    String own = "http://localhost:" + gateway.port();
    JsonNode asked = read("java.lang:type=Memory", "HeapMemoryUsage");
    for (String origin : List.of("http://evil.example", "http://localhost:3000", "null")) {
      RawHttp.Answer refused = gateway.post(asked, "Origin: " + origin);
      assertThat(refused.status()).as(origin).isEqualTo(403);
      assertThat(refused.body()).contains("comes from another site");
    }
    for (String site : List.of("cross-site", "same-site")) {
      assertThat(gateway.post(asked, "Sec-Fetch-Site: " + site).status()).as(site).isEqualTo(403);
      assertThat(
              gateway
                  .get(
                      "/jolokia/version",
                      "Sec-Fetch-Site: " + site,
                      "Sec-Fetch-Mode: navigate",
                      "Sec-Fetch-Dest: document")
                  .status())
          .isEqualTo(403);
    }
    assertThat(gateway.post(asked, "Origin: " + own, "Sec-Fetch-Site: same-origin").status())
        .isEqualTo(200);
  }

  @Test
  void letsLinksLeadToItsPagesButNotIntoFrames() {
    String[] link = {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate"};
    assertThat(gateway.get("/hawtio/", link[0], link[1], "Sec-Fetch-Dest: document").status())
        .isEqualTo(200);
    assertThat(gateway.get("/hawtio/", link[0], link[1], "Sec-Fetch-Dest: iframe").status())
        .isEqualTo(403);
  }

  @Test
  void needsTheAdminKeyBeyondLoopback() throws Exception {
    try (ManagedGateway open = ManagedGateway.start("iir.management.address=0.0.0.0")) {
      RawHttp.Answer refused = open.get("/hawtio/");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("WWW-Authenticate")).startsWith("Basic realm=");
      assertThat(refused.body()).contains("needs the administrator's key");
      assertThat(open.get("/jolokia", basic("any", "wrong")).status()).isEqualTo(401);
      assertThat(open.get("/jolokia", "Authorization: Basic ###").status()).isEqualTo(401);
      String other = open.gateway().newKey("{\"name\":\"app\"}").header();
      assertThat(open.get("/jolokia", other).status()).isEqualTo(401);
      assertThat(open.get("/jolokia", basic("any", Gateway.ADMIN_KEY), "Host: gw:8001").status())
          .isEqualTo(200);
      assertThat(open.get("/hawtio/", "Authorization: Bearer " + Gateway.ADMIN_KEY).status())
          .isEqualTo(200);
      assertThat(
              open.get("/jolokia", basic("any", Gateway.ADMIN_KEY), "Sec-Fetch-Site: cross-site")
                  .status())
          .isEqualTo(403);
    }
  }

  private static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair);
  }

  // ---- what may be done

  @Test
  void looksAtAttributesAndRoutes() {
    JsonNode heap = gateway.ask(read("java.lang:type=Memory", "HeapMemoryUsage"));
    assertThat(heap.path("value").path("used").asLong()).isPositive();
    JsonNode routes =
        gateway.ask(
            exec("org.apache.camel:context=iir,type=context,name=\"iir\"", "dumpRoutesAsXml()"));
    assertThat(routes.path("value").asText()).contains("id=\"chat-completions\"");
  }

  @Test
  void callsNothingThatDoesSomething() {
    Map<String, String> denied =
        Map.of(
            "java.lang:type=Memory",
            "gc",
            "java.lang:*",
            "gc",
            "org.apache.camel:context=iir,type=context,name=\"iir\"",
            "stop()",
            "org.apache.camel:context=iir,type=routes,name=\"sim\"",
            "stop()",
            "org.apache.camel:context=iir,type=routes,name=\"*\"",
            "dumpRouteAsXml()",
            "com.sun.management:type=DiagnosticCommand",
            "vmSystemProperties",
            PROVIDER,
            "enable");
    denied.forEach((bean, operation) -> {
      JsonNode answer = gateway.ask(exec(bean, operation));
      assertThat(answer.path("status").asInt()).as("%s of %s", operation, bean).isEqualTo(403);
      assertThat(answer.path("error").asText()).contains("iir.management.operations");
    });
    ObjectNode resolved =
        exec("org.apache.camel:context=iir,type=context,name=\"iir\"", "dumpRoutesAsXml(boolean)");
    resolved.putArray("arguments").add(true);
    assertThat(gateway.ask(resolved).path("status").asInt()).isEqualTo(403);
  }

  @Test
  void callsWhatTheOperatorAllowsAndWritesItDown() {
    JsonNode answer = gateway.ask(exec(PROVIDER, "drain"));
    assertThat(answer.path("status").asInt()).as("%s", answer).isEqualTo(200);
    assertThat(gateway.ask(read(PROVIDER, "State")).path("value").asText()).isEqualTo("drained");
    List<Map<String, Object>> rows = written("Provider");
    assertThat(rows).hasSize(1);
    assertThat(rows.getFirst())
        .containsEntry("actor", "loopback")
        .containsEntry("detail", "{\"operation\":\"drain\"}");
    assertThat(String.valueOf(rows.getFirst().get("subject"))).contains("type=Provider");
  }

  /** What the audit log has of operations of {@code type}. */
  private static List<Map<String, Object>> written(String type) {
    return gateway
        .gateway()
        .bean(JdbcClient.class)
        .sql(
            "select actor, subject, detail from audit_log"
                + " where action = 'jmx.exec' and subject like ?")
        .param("%type=" + type + "%")
        .query()
        .listOfRows();
  }

  @Test
  void writesNothing() {
    ObjectNode write = request("write", "java.lang:type=Memory").put("attribute", "Verbose");
    JsonNode answer = gateway.ask(write.put("value", true));
    assertThat(answer.path("status").asInt()).isEqualTo(403);
    assertThat(answer.path("error").asText()).contains("'write' is not answered here");
  }

  @Test
  void doesNothingByGet() {
    for (String path :
        List.of(
            "/jolokia/exec/io.iir:type=Cache/clear()",
            "/jolokia/%65xec/io.iir:type=Cache/clear()",
            "/jolokia/EXEC/io.iir:type=Cache/clear()",
            "/jolokia?p=exec/io.iir:type=Cache/clear()",
            "/jolokia/?p=/exec/io.iir:type=Cache/clear()")) {
      RawHttp.Answer answer = gateway.get(path);
      assertThat(answer.body()).as(path).contains("\"status\":4").doesNotContain("\"value\"");
    }
    assertThat(gateway.get("/jolokia/EXEC/io.iir:type=Cache/clear()").body())
        .contains("is not called by GET, which may come from a link");
    assertThat(written("Cache")).isEmpty();
    JsonNode posted = gateway.ask(exec("io.iir:type=Cache", "clear()"));
    assertThat(posted.path("status").asInt()).as("%s", posted).isEqualTo(200);
    assertThat(written("Cache")).hasSize(1);
  }

  @Test
  void saysWhatIsWrongWithoutStackTraces() {
    RawHttp.Answer nothing = gateway.postTo("/jolokia", "");
    assertThat(nothing.status()).isEqualTo(400);
    assertThat(nothing.body()).contains("the body is empty; POST a request of Jolokia's protocol");
    JsonNode asked = read("java.lang:type=None", "Any");
    String failed =
        gateway
            .postTo("/jolokia?includeStackTrace=true&serializeException=true", asked.toString())
            .body();
    assertThat(failed).contains("InstanceNotFoundException").doesNotContain("\\tat ");
    ObjectNode configured = read("java.lang:type=None", "Any");
    configured
        .putObject("config")
        .put("includeStackTrace", "true")
        .put("serializeException", "true");
    JsonNode answer = gateway.ask(configured);
    assertThat(answer.path("status").asInt()).isEqualTo(404);
    assertThat(answer.has("stacktrace") || answer.has("error_value")).as("%s", answer).isFalse();
  }

  @Test
  void asksNoOtherProcess() {
    ObjectNode proxied = read("java.lang:type=Memory", "HeapMemoryUsage");
    proxied.putObject("target").put("url", "service:jmx:rmi:///jndi/rmi://127.0.0.1:1/jmxrmi");
    JsonNode answer = gateway.ask(proxied);
    assertThat(answer.path("status").asInt()).isEqualTo(403);
    assertThat(answer.path("error").asText()).contains("asks no other");
  }

  @Test
  void takesNoNotificationsAndNoLongBodies() {
    ObjectNode register = request("notification", "java.lang:type=Memory");
    JsonNode refused = gateway.ask(register.put("command", "register"));
    assertThat(refused.path("status").asInt()).as("%s", refused).isEqualTo(403);
    String longest = "x".repeat((1 << 20) + 1);
    assertThat(gateway.post(read("java.lang:type=Memory", longest)).status()).isEqualTo(413);
  }

  @Test
  void tellsHawtioWhatMayBeDone() {
    JsonNode listed = Gateway.json(gateway.get("/jolokia/list/io.iir").body()).path("value");
    JsonNode operations = listed.path("type=Provider,name=\"sim\"").path("op");
    assertThat(operations.path("drain").path("canInvoke").asBoolean(false))
        .as("%s", listed)
        .isTrue();
    assertThat(operations.path("enable").path("canInvoke").asBoolean(true)).isFalse();
  }

  @Test
  void describesAlikeBeansOnceAndCompresses() throws IOException {
    RawHttp.Answer plain = gateway.get("/jolokia/list?listCache=true");
    JsonNode listed = Gateway.json(plain.body()).path("value");
    JsonNode beans = listed.path("domains").path("org.apache.camel");
    assertThat(beans.size()).isGreaterThan(100);
    for (JsonNode key : beans) {
      assertThat(listed.path("cache").has(key.asText())).as("%s", key).isTrue();
    }
    JsonNode provider = listed.path("domains").path("io.iir").path("type=Provider,name=\"sim\"");
    JsonNode described = listed.path("cache").path(provider.asText());
    assertThat(described.path("op").path("drain").path("canInvoke").asBoolean(false)).isTrue();
    assertThat(plain.bytes().length).isLessThan(LONGEST_LIST);
    assertThat(plain.header("Content-Encoding")).isNull();
    RawHttp.Answer small =
        gateway.get("/jolokia/list?listCache=true", "Accept-Encoding: br, gzip;q=0.8");
    assertThat(small.header("Content-Encoding")).isEqualTo("gzip");
    assertThat(small.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(small.bytes().length).isLessThan(LONGEST_LIST / 5);
    try (InputStream text = new GZIPInputStream(new ByteArrayInputStream(small.bytes()))) {
      assertThat(
              Gateway.json(new String(text.readAllBytes(), StandardCharsets.UTF_8)).path("value"))
          .isNotEmpty();
    }
    assertThat(gateway.get("/jolokia/list", "Accept-Encoding: gzip;q=0").names())
        .doesNotContain("content-encoding");
    assertThat(gateway.get(script(), "Accept-Encoding: gzip").header("Content-Encoding"))
        .isEqualTo("gzip");
  }

  // ---- the port

  @Test
  void doesNotStartWhereTheOperatorsPortIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Gateway.start("iir.management.port=" + taken.getLocalPort()))
          .hasRootCauseInstanceOf(IOException.class)
          .hasStackTraceContaining(StartException.class.getName())
          .hasStackTraceContaining("Port %d of 127.0.0.1".formatted(taken.getLocalPort()));
    }
  }
}
