package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iir.config.Secret;
import io.iir.openai.ApiException;
import io.iir.testing.FreePort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryTest {

  private static final Duration SOON = Duration.ofMillis(30);
  private static final Duration NEVER = Duration.ofDays(1);

  /** Long, so that no slow machine makes a test fail; short where waiting is what is tested. */
  private Duration patience = Duration.ofSeconds(30);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  private FakeServer server(FakeServer.Answer answer) {
    FakeServer server = new FakeServer(answer);
    open.add(server);
    return server;
  }

  private ProviderDirectory start(
      List<Provider> providers, List<Integer> ports, Duration localInterval, Duration refresh)
      throws Exception {
    ProviderDirectory directory = new ProviderDirectory(providers, ports, Map.of());
    ModelListClient client = new ModelListClient(SSLContext.getDefault());
    LocalServers servers = new LocalServers(client, ports, 0, patience, patience);
    Discovery discovery =
        new Discovery(directory, client, servers, KeptLists.NONE, localInterval, refresh);
    open.add(discovery);
    discovery.start();
    return directory;
  }

  private ProviderDirectory local(Integer... ports) throws Exception {
    return start(List.of(Provider.sim("sim")), List.of(ports), SOON, NEVER);
  }

  private ProviderDirectory asking(Provider provider, Duration refresh) throws Exception {
    return start(List.of(provider), List.of(), NEVER, refresh);
  }

  private static List<String> ids(ProviderDirectory directory) {
    return directory.models().stream().map(Model::id).toList();
  }

  private static String list(ProviderDirectory directory) {
    return directory.status().getFirst().list();
  }

  @Test
  void localServersAreThereAtOnceAndMerge() throws Exception {
    FakeServer first = server(FakeServer.models("llama3:8b", "both"));
    FakeServer second = server(FakeServer.models("/models/smol.gguf", "both"));
    ProviderDirectory directory = local(first.port(), FreePort.find(), second.port());
    assertThat(ids(directory))
        .containsExactly(
            "local/llama3:8b", "local/both", "local//models/smol.gguf", "sim/echo", "sim/lorem");
    assertThat(directory.resolve(new ModelName("local", "both")).baseUrl())
        .isEqualTo(first.baseUrl());
    Resolved file = directory.resolve(new ModelName("local", "/models/smol.gguf"));
    assertThat(file.baseUrl()).isEqualTo(second.baseUrl());
    assertThat(file.upstream()).isEqualTo("/models/smol.gguf");
  }

  @Test
  void localServersComeAndGo() throws Exception {
    int port = FreePort.find();
    ProviderDirectory directory = local(port);
    assertThat(ids(directory)).containsExactly("sim/echo", "sim/lorem");
    FakeServer server = new FakeServer(port, FakeServer.models("m"));
    await().untilAsserted(() -> assertThat(ids(directory)).contains("local/m"));
    server.close();
    await().untilAsserted(() -> assertThat(ids(directory)).doesNotContain("local/m"));
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> directory.resolve(new ModelName("local", "m")))
        .withMessageContaining("No model server was found on this machine at ports " + port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<html>hello</html>",
        "",
        "{}",
        "[]x",
        "{\"data\":{}}",
        "{\"data\":[{\"id\":7}]}",
        "{\"data\":[\"gpt\"]}",
        "{\"error\":\"Unauthorized\"}"
      })
  void whatIsNoListOfModelsIsNoModelServer(String body) throws Exception {
    FakeServer other = server(FakeServer.body(200, body));
    assertThat(ids(local(other.port()))).containsExactly("sim/echo", "sim/lorem");
    assertThat(other.calls()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 301, 401, 404, 500})
  void onlyTwoHundredCounts(int status) throws Exception {
    FakeServer other = server(FakeServer.body(status, ""));
    assertThat(ids(local(other.port()))).containsExactly("sim/echo", "sim/lorem");
  }

  @Test
  void hangingServersDoNotHoldUpTheStart() throws Exception {
    FakeServer silent = server(FakeServer.nothing());
    FakeServer half = server(FakeServer.half());
    FakeServer good = server(FakeServer.models("m"));
    patience = Duration.ofMillis(300);
    ProviderDirectory directory = local(silent.port(), half.port(), good.port());
    await().untilAsserted(() -> assertThat(ids(directory)).contains("local/m"));
  }

  @Test
  void aServerThatIsSilentForAMomentStays() throws Exception {
    FakeServer server = server(FakeServer.models("m"));
    ModelListClient client = new ModelListClient(SSLContext.getDefault());
    open.add(client);
    LocalServers servers =
        new LocalServers(client, List.of(server.port()), 0, patience, Duration.ofMillis(300));
    assertThat(servers.find()).hasSize(1);
    server.answer(FakeServer.nothing());
    assertThat(servers.find()).hasSize(1);
    server.answer(FakeServer.body(404, ""));
    await().until(() -> servers.find().isEmpty());
  }

  @Test
  void theOwnPortIsNotAsked() throws Exception {
    FakeServer own = server(FakeServer.models("m"));
    ModelListClient client = new ModelListClient(SSLContext.getDefault());
    open.add(client);
    assertThat(new LocalServers(client, List.of(own.port()), own.port()).find()).isEmpty();
    assertThat(own.calls()).isZero();
  }

  @Test
  void aConfiguredProviderNamedLocalWins() throws Exception {
    FakeServer searched = server(FakeServer.models("m"));
    FakeServer configured = server(FakeServer.models("mine"));
    ProviderDirectory directory =
        start(
            List.of(Provider.openai("local", configured.baseUrl())),
            List.of(searched.port()),
            SOON,
            SOON);
    await().untilAsserted(() -> assertThat(ids(directory)).containsExactly("local/mine"));
    assertThat(searched.calls()).isZero();
  }

  @Test
  void aProviderIsAskedWithItsKey() throws Exception {
    AtomicReference<String> key = new AtomicReference<>();
    FakeServer server =
        server(exchange -> {
          key.set(exchange.getRequestHeaders().getFirst("Authorization"));
          FakeServer.models("a").to(exchange);
        });
    Provider usual = Provider.openai("vllm", server.baseUrl());
    Provider provider =
        new Provider(
            usual.name(),
            usual.protocol(),
            usual.baseUrl(),
            Secret.of("sk-1"),
            usual.models(),
            usual.timeouts(),
            1,
            1,
            usual.vendor());
    ProviderDirectory directory = asking(provider, NEVER);
    await().untilAsserted(() -> assertThat(ids(directory)).containsExactly("vllm/a"));
    assertThat(key).hasValue("Bearer sk-1");
    assertThat(list(directory)).isEqualTo("ok");
    assertThat(directory.status().toString()).doesNotContain("sk-1");
  }

  @Test
  void untilThereIsAListAnyNameIsTaken() throws Exception {
    FakeServer server = server(FakeServer.nothing());
    ProviderDirectory directory = asking(Provider.openai("p", server.baseUrl()), NEVER);
    assertThat(list(directory)).isEqualTo("never asked");
    assertThat(directory.resolve(new ModelName("p", "x")).upstream()).isEqualTo("x");
    assertThat(directory.model("p/x", ModelPattern.ALL::matches).state())
        .isEqualTo(Model.State.UNLISTED);
  }

  @Test
  void aListIsAskedForAgainAndStaysIfThereIsNoNewOne() throws Exception {
    FakeServer server = server(FakeServer.models("a"));
    ProviderDirectory directory = asking(Provider.openai("p", server.baseUrl()), SOON);
    await().untilAsserted(() -> assertThat(ids(directory)).containsExactly("p/a"));
    server.answer(FakeServer.models("a", "b"));
    await().untilAsserted(() -> assertThat(ids(directory)).containsExactly("p/a", "p/b"));
    server.answer(FakeServer.body(503, "busy"));
    await().untilAsserted(() -> assertThat(list(directory)).isEqualTo("failed: HTTP 503"));
    assertThat(new ProviderHealth(directory).reports())
        .extracting(ProviderReport::state)
        .containsExactly(ProviderReport.State.DEGRADED);
    assertThat(directory.models())
        .extracting(Model::state)
        .containsExactly(Model.State.STALE, Model.State.STALE);
  }

  @Test
  void aServerNearbyThatWasStartingIsAskedAgainSoon() throws Exception {
    FakeServer server = server(FakeServer.body(503, "loading"));
    ProviderDirectory directory =
        start(List.of(Provider.openai("p", server.baseUrl())), List.of(), SOON, NEVER);
    await().untilAsserted(() -> assertThat(list(directory)).isEqualTo("failed: HTTP 503"));
    server.answer(FakeServer.models("a"));
    await().untilAsserted(() -> assertThat(ids(directory)).containsExactly("p/a"));
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    FakeServer aim = server(FakeServer.models("a"));
    FakeServer server =
        server(exchange -> {
          exchange.getResponseHeaders().set("Location", aim.baseUrl() + "/models");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    ProviderDirectory directory = asking(Provider.openai("p", server.baseUrl()), NEVER);
    await()
        .untilAsserted(() ->
            assertThat(list(directory))
                .isEqualTo("failed: redirects (302 to 127.0.0.1), which is not followed"));
    assertThat(aim.calls()).isZero();
  }

  @Test
  void aHugeAnswerIsCutOff() throws Exception {
    byte[] much = new byte[1 << 20];
    FakeServer server =
        server(exchange -> {
          exchange.sendResponseHeaders(200, 0);
          for (int i = 0; i < 64; i++) {
            exchange.getResponseBody().write(much);
          }
          exchange.close();
        });
    ProviderDirectory directory = asking(Provider.openai("p", server.baseUrl()), NEVER);
    await().untilAsserted(() -> assertThat(list(directory)).startsWith("failed: "));
    assertThat(list(directory)).isEqualTo("failed: answered more than 8 MB");
  }

  @Test
  void aServerThatIsNotThereIsSaidToBe() throws Exception {
    int port = FreePort.find();
    ProviderDirectory directory =
        asking(
            Provider.openai("p", java.net.URI.create("http://127.0.0.1:" + port + "/v1")), NEVER);
    await().untilAsserted(() -> assertThat(list(directory)).isEqualTo("failed: cannot connect"));
  }
}
