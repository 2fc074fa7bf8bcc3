package io.iir.rules;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.Try.Given;
import io.iir.testing.FakeDns;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import io.iir.testing.RuleFolder;
import io.iir.transport.EventLoops;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.support.GenericApplicationContext;

/** Each recipe in {@code routes/examples} does what it says: as the live rule, by real requests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExamplesIT {

  private static final int BUSY = 8;
  private static final List<String> LOCAL = List.of("ollama", "vllm", "gpu");
  private static final String HELD =
      """
      {"model": "vllm/qwen2.5-coder-32b", "stream": true,\
       "messages": [{"role": "user", "content": "hold"}]}\
      """;

  @TempDir static Path temp;

  private final Semaphore goOn = new Semaphore(0);
  private final Map<String, String> keys = new HashMap<>();
  private volatile Clock clock = Clock.systemUTC();
  private volatile String broken = "none";
  private RuleFolder folder;
  private FakeProvider provider;
  private FakeProvider workstation;
  private FakeDns names;
  private Gateway gateway;

  @BeforeAll
  void start() throws IOException {
    folder = new RuleFolder(Files.createDirectory(temp.resolve("routes")));
    provider = new FakeProvider(this::answer);
    workstation = new FakeProvider(call -> call.json(503, "{}"));
    names = new FakeDns();
    gateway = Gateway.startWith(this::beans, Gateway.all(folder.settings(), providers(), models()));
    key("research", "\"team\": \"research\"");
    key("search", "\"team\": \"search\"");
    key("hr", "\"tags\": {\"data\": \"private\"}");
    key("free", "\"tags\": {\"tier\": \"free\"}");
  }

  private void beans(GenericApplicationContext context) {
    context.registerBean("itsTime", Clock.class, Now::new, bean -> bean.setPrimary(true));
    context.registerBean(
        "itsNames",
        EventLoops.class,
        () -> new EventLoops(2, new SingletonDnsServerAddressStreamProvider(names.address())),
        bean -> bean.setPrimary(true));
  }

  private String[] providers() {
    List<String> all = new ArrayList<>();
    String local = provider.baseUrl();
    add(all, "ollama", local, "gemma3:4b");
    add(all, "vllm", local, "qwen2.5-coder-32b");
    add(all, "gpu", workstation.baseUrl(), "discover");
    add(all, "openai", hosted("openai"), "gpt-4o,gpt-4o-mini");
    add(all, "anthropic", hosted("anthropic"), "claude-sonnet-4-5");
    add(all, "gemini", hosted("gemini"), "gemini-2.5-pro");
    add(all, "groq", hosted("groq"), "llama-3.1-8b-instant");
    all.add("iir.discovery.local-interval=100ms");
    return all.toArray(String[]::new);
  }

  /** The provider's URL by a name that is one of the Internet. */
  private String hosted(String name) {
    return provider.baseUrl().replace("127.0.0.1", name + ".example.com");
  }

  private static void add(List<String> settings, String name, String url, String models) {
    settings.add("iir.providers." + name + ".protocol=openai");
    settings.add("iir.providers." + name + ".base-url=" + url);
    settings.add("iir.providers." + name + ".api-key=sk-" + name);
    settings.add("iir.providers." + name + ".models=" + models);
  }

  /** What is known of them. */
  private static String[] models() {
    String[] rows = {
      "ollama/gemma3:4b 8192 8192 0 0 0.45 chat,images",
      "vllm/qwen2.5-coder-32b 32768 8192 0 0 0.7 chat,tools,json",
      "openai/gpt-4o 128000 16384 2.5 10 0.85 chat,tools,images,json",
      "openai/gpt-4o-mini 128000 16384 0.15 0.6 0.72 chat,tools,images,json",
      "anthropic/claude-sonnet-4-5 200000 64000 3 15 0.92 chat,tools,images",
      "gemini/gemini-2.5-pro 1048576 65536 1.25 10 0.9 chat,tools,images,json",
      "groq/llama-3.1-8b-instant 131072 8192 0.05 0.08 0.5 chat,tools,json"
    };
    String[] names = {
      "id", "context", "max-output", "price.input", "price.output", "quality", "capabilities"
    };
    List<String> settings = new ArrayList<>();
    for (int row = 0; row < rows.length; row++) {
      String[] cells = rows[row].split(" ", -1);
      for (int i = 0; i < names.length; i++) {
        settings.add("iir.models[" + row + "]." + names[i] + "=" + cells[i]);
      }
    }
    return settings.toArray(String[]::new);
  }

  private void key(String name, String fields) {
    keys.put(name, gateway.newKey("{\"name\": \"" + name + "\", " + fields + "}").secret());
  }

  @AfterAll
  void stop() throws IOException {
    gateway.close();
    provider.close();
    workstation.close();
    names.close();
  }

  // ---- the table

  static List<String> recipes() {
    return Recipes.names();
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void aRecipeDoesWhatItSays(String recipe) throws IOException {
    use(recipe);
    checkLocal(recipe);
    for (Try each : Recipes.tries(recipe)) {
      if (each.given() == Given.BUSY) {
        whileBusy(() -> check(each));
      } else {
        if (each.given() == Given.WORKSTATION) {
          switchOn();
        }
        check(each);
      }
    }
  }

  /** Whatever the recipe is about, auto/local stays on the network. */
  private void checkLocal(String recipe) {
    HttpResponse<String> answer = send(Try.of(recipe, "Hi").with("\"model\": \"auto/local\""));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(LOCAL).contains(header(answer, "X-Route-Provider"));
  }

  private void check(Try each) {
    if (each.when() != null) {
      setTime(each.when());
    }
    HttpResponse<String> answer = send(each);
    assertThat(answer.statusCode()).as("%s: %s", each, answer.body()).isEqualTo(200);
    String model = header(answer, "X-Route-Provider") + "/" + header(answer, "X-Route-Model");
    assertThat(header(answer, "X-Route-Reason")).as(each.toString()).isEqualTo(each.reason());
    if (!each.model().isEmpty()) {
      assertThat(model).as(each.toString()).isEqualTo(each.model());
    }
  }

  // ---- what more they say

  @Test
  void aPoemIsNotKeptAndATranslationIs() throws IOException {
    use("cache-by-kind");
    for (Try each : Recipes.tries("cache-by-kind")) {
      gateway.chat(each.body());
      HttpResponse<String> again = gateway.chat(each.body());
      assertThat(header(again, "x-iir-cache"))
          .isEqualTo(each.reason().equals("always-new") ? "miss" : "hit");
    }
  }

  @Test
  void theNextInOrderAnswersWhereTheFirstIsBroken() throws IOException {
    use("failover-order");
    broken = "openai";
    HttpResponse<String> answer = send(Try.of("failover-order", "Hi"));
    broken = "none";
    assertThat(header(answer, "X-Route-Provider")).isEqualTo("anthropic");
    assertThat(header(answer, "X-Route-Reason")).isEqualTo("by-hand");
  }

  @Test
  void knobsAreSet() throws IOException {
    use("interactive-timeout");
    JsonNode stream = explain(Recipes.tries("interactive-timeout").getFirst());
    assertThat(stream.path("timeout").asText()).isEqualTo("PT20S");
    assertThat(explain(Recipes.tries("interactive-timeout").getLast()).path("timeout").isNull())
        .isTrue();
    use("accounting-tags");
    for (Try each : Recipes.tries("accounting-tags")) {
      send(each);
    }
    List<String> records = gateway.get("/api/v1/rules/decisions").body().lines().toList();
    assertThat(records.get(records.size() - 2))
        .contains("\"tags\":[\"cost-center=4711\",\"project=apollo\"]");
    assertThat(records.getLast()).contains("\"tags\":[\"cost-center=shared\"]");
  }

  @Test
  void privateDataIsRefusedWhereTheKeyMayUseNoLocalModel() throws IOException {
    use("private-data");
    key("hosted", "\"tags\": {\"data\": \"private\"}, \"models\": [\"openai/*\"]");
    HttpResponse<String> answer = send(Try.of("private-data", "Hi").key("hosted"));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(403);
    assertThat(answer.body()).contains("model_not_allowed");
  }

  // ---- helpers

  private void use(String recipe) throws IOException {
    Map<String, String> hashes = new HashMap<>();
    for (Path file : Recipes.files(recipe)) {
      String text = Files.readString(file);
      String id = Recipes.id(file);
      folder.write(id, text);
      hashes.put(id, RuleFile.of(id + RuleFile.SUFFIX, text.getBytes(UTF_8), false).hash());
    }
    await()
        .untilAsserted(() -> {
          Map<String, String> live = new HashMap<>();
          JsonNode rules = Gateway.json(gateway.get("/api/v1/rules").body()).path("data");
          rules.forEach(rule -> live.put(rule.path("id").asText(), rule.path("hash").asText()));
          assertThat(live).as(rules.toString()).containsAllEntriesOf(hashes);
        });
  }

  /** Nothing comes from the cache, which would not ask the rules. */
  private HttpResponse<String> send(Try each) {
    List<String> headers = new ArrayList<>(each.headers());
    headers.addAll(List.of("Cache-Control", "no-store"));
    if (!each.key().isEmpty()) {
      headers.addAll(List.of("Authorization", "Bearer " + keys.get(each.key())));
    }
    return gateway.chat(each.body(), headers.toArray(String[]::new));
  }

  private JsonNode explain(Try each) {
    return Gateway.json(
        gateway
            .send(
                gateway
                    .request("/api/v1/explain")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(each.body()))
                    .build())
            .body());
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private void answer(FakeProvider.Call call) throws Exception {
    String host = String.valueOf(call.headers().getFirst("Host"));
    if (host.startsWith(broken)) {
      call.json(500, "{}");
    } else if (call.body().contains("\"hold\"")) {
      call.beginStream();
      call.token("held");
      goOn.acquire();
      call.endStream(1, 1);
    } else if (call.body().contains("\"stream\":true")) {
      call.beginStream();
      call.token("Hi");
      call.endStream(1, 1);
    } else {
      call.completion("Hi", 1, 1);
    }
  }

  private void whileBusy(Runnable action) throws IOException {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < BUSY; i++) {
        // Each asks for another answer: the same would wait for the first one's.
        clients.add(RawClient.chat(gateway, HELD.replaceFirst("\\{", "{\"seed\":" + i + ",")));
      }
      ProviderDirectory directory = gateway.bean(ProviderDirectory.class);
      await().until(() -> directory.traffic().localInFlight() == BUSY);
      action.run();
    } finally {
      goOn.release(BUSY);
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private void switchOn() {
    workstation.behave(call -> {
      if (call.target().endsWith("/models")) {
        call.json(200, "{\"object\":\"list\",\"data\":[{\"id\":\"llama-3.3-70b\"}]}");
      } else {
        call.completion("Hi", 1, 1);
      }
    });
    ProviderDirectory directory = gateway.bean(ProviderDirectory.class);
    await().until(() -> directory.localModels().contains("gpu/llama-3.3-70b"));
  }

  /** Goes on to the next such hour. */
  private void setTime(Try.Hour hour) {
    ZonedDateTime now = clock.instant().atZone(ZoneId.systemDefault());
    ZonedDateTime then = now.with(TemporalAdjusters.next(hour.day())).withHour(hour.hour());
    clock = Clock.offset(clock, Duration.between(now, then));
  }

  /** What {@link #clock} shows. */
  private final class Now extends Clock {

    @Override
    public Instant instant() {
      return clock.instant();
    }

    @Override
    public ZoneId getZone() {
      return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return clock.withZone(zone);
    }
  }
}
