package io.iir.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.metrics.Meters;
import io.iir.testing.FakeProvider;
import io.iir.testing.Gateway;
import io.iir.testing.ModelProgram;
import io.iir.testing.RuleFolder;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that are started when a request needs them: real programs, real requests. */
class LocalModelsIT {

  private static final String QUICK = "iir.local.models[0].idle-ttl=300ms";

  @TempDir Path temp;
  private Path starts;
  private Path gate;

  @BeforeEach
  void files() {
    starts = temp.resolve("starts");
    gate = temp.resolve("gate");
  }

  @Test
  void theFirstRequestStartsItAndIdlenessStopsIt() throws Exception {
    try (Gateway gateway =
        Gateway.start(Gateway.all(one("--starts", starts.toString()), new String[] {QUICK}))) {
      assertThat(state(gateway, "local/a")).isEqualTo("stopped");
      HttpResponse<String> answer = ask(gateway, "auto/local", false);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.body()).contains("started");
      assertThat(answer.headers().firstValue("X-Route-Provider")).contains("local");
      assertThat(answer.headers().firstValue("X-Route-Model")).contains("a");
      long pid = pids().getFirst();
      await().until(() -> state(gateway, "local/a").equals("stopped"));
      await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
      assertThat(ask(gateway, "local/a", true).body()).contains("started").contains("[DONE]");
      assertThat(pids()).hasSize(2);
    }
    long last = pids().getLast();
    assertThat(ProcessHandle.of(last).filter(ProcessHandle::isAlive))
        .as("the gateway stops what it has started")
        .isEmpty();
  }

  @Test
  void fiftyRequestsAtOnceStartItOnce() throws Exception {
    try (Gateway gateway =
            Gateway.start(one("--starts", starts.toString(), "--gate", gate.toString()));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        boolean stream = i % 2 == 0;
        answers.add(threads.submit(() -> ask(gateway, "local/a", stream)));
      }
      LocalModel model = gateway.bean(LocalModels.class).list().getFirst();
      await().until(() -> model.users() == 50);
      assertThat(state(gateway, "local/a")).isEqualTo("loading");
      Files.createFile(gate);
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(200);
        assertThat(answer.get().body()).contains("started");
      }
      assertThat(pids()).hasSize(1);
      await().until(() -> model.users() == 0);
      assertThat(state(gateway, "local/a")).isEqualTo("ready");
      assertThat(value(gateway, "ready")).isEqualTo(1);
      ObjectName name = new ObjectName("io.iir:type=LocalModel,name=\"local/a\"");
      assertThat(ManagementFactory.getPlatformMBeanServer().getAttribute(name, "State"))
          .isEqualTo("ready");
    }
  }

  @Test
  void aStreamGetsCommentsWhileItsModelIsLoading() throws Exception {
    try (Gateway gateway =
        Gateway.start(
            Gateway.all(
                one("--gate", gate.toString()), new String[] {"iir.stream.keep-alive=50ms"}))) {
      HttpRequest request =
          gateway
              .request("/v1/chat/completions", "Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body("local/a", true)))
              .build();
      // The head comes with the first comment.
      Iterator<String> lines =
          gateway.client().send(request, HttpResponse.BodyHandlers.ofLines()).body().iterator();
      assertThat(lines.next()).isEqualTo(": keep-alive");
      Files.createFile(gate);
      List<String> rest = new ArrayList<>();
      lines.forEachRemaining(rest::add);
      assertThat(rest).anyMatch(line -> line.contains("started")).contains("data: [DONE]");
    }
  }

  @Test
  void whoseModelIsNotReadyInTimeIsToldWhenToAskAgain() throws Exception {
    try (Gateway gateway =
        Gateway.start(
            Gateway.all(
                one("--gate", gate.toString()), new String[] {"iir.local.max-wait=200ms"}))) {
      HttpResponse<String> answer = ask(gateway, "local/a", false);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(error(answer).path("code").asText()).isEqualTo("no_target_available");
      assertThat(error(answer).path("message").asText()).contains("local/a is being started");
      assertThat(answer.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
      Files.createFile(gate);
      await().until(() -> ask(gateway, "local/a", false).statusCode() == 200);
    }
  }

  @Test
  void aModelThatIsKilledFailsItsRequestAndIsBackForTheNext() throws Exception {
    try (Gateway gateway =
            Gateway.start(
                Gateway.all(
                    one("--starts", starts.toString(), "--gate", gate.toString()),
                    ModelProgram.settings(1, "local/b", "--hang", temp.resolve("asked").toString()),
                    new String[] {"iir.retry.attempts=0"}));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Files.createFile(gate);
      Future<HttpResponse<String>> cut = threads.submit(() -> ask(gateway, "local/b", false));
      LocalModel model = gateway.bean(LocalModels.class).list().getLast();
      await().until(() -> Files.exists(temp.resolve("asked")));
      kill(model);
      assertThat(cut.get().statusCode()).as(cut.get().body()).isEqualTo(502);
      assertThat(error(cut.get()).path("message").asText()).contains("local/b");
      await().until(() -> state(gateway, "local/b").equals("failed"));

      assertThat(ask(gateway, "local/a", false).statusCode()).isEqualTo(200);
      LocalModel other = gateway.bean(LocalModels.class).list().getFirst();
      Long before = other.pid();
      kill(other);
      HttpResponse<String> next = ask(gateway, "local/a", false);
      assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
      assertThat(other.starts()).isEqualTo(2);
      assertThat(other.pid()).isNotNull().isNotEqualTo(before);
      kill(other);
      HttpResponse<String> soon = ask(gateway, "local/a", false);
      assertThat(soon.statusCode()).as("it crashed twice within a minute").isEqualTo(503);
      assertThat(error(soon).path("message").asText())
          .contains("was ended by signal 9")
          .contains("it is started again in");
      assertThat(soon.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
      await().until(() -> state(gateway, "local/a").equals("failed"));
      await().until(() -> ask(gateway, "local/a", false).statusCode() == 200);
    }
  }

  @Test
  void whatCannotBeStartedFallsToTheNextTarget() throws Exception {
    RuleFolder rules = new RuleFolder(Files.createDirectory(temp.resolve("routes")));
    rules.write(RuleFolder.rule("local/a, hosted/m", "both"));
    try (FakeProvider hosted = new FakeProvider(call -> call.completion("elsewhere", 3, 1));
        Gateway gateway =
            Gateway.start(
                Gateway.all(
                    new String[] {
                      "iir.local.models[0].id=local/a",
                      "iir.local.models[0].command[0]=/no/such/program",
                      "iir.local.models[0].command[1]={port}"
                    },
                    rules.settings(),
                    Gateway.provider("hosted", hosted.baseUrl())))) {
      HttpResponse<String> named = ask(gateway, "local/a", false);
      assertThat(named.statusCode()).isEqualTo(503);
      assertThat(error(named).path("message").asText())
          .contains("local/a cannot be started")
          .contains("'/no/such/program' is not there or cannot be run");
      assertThat(state(gateway, "local/a")).isEqualTo("failed");
      HttpResponse<String> again = ask(gateway, "local/a", false);
      assertThat(again.statusCode()).isEqualTo(503);
      assertThat(error(again).path("message").asText()).contains("is not there");
      assertThat(again.headers().firstValueAsLong("Retry-After").orElse(0)).isPositive();
      HttpResponse<String> next = ask(gateway, "auto", false);
      assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
      assertThat(next.headers().firstValue("X-Route-Provider")).contains("hosted");
    }
  }

  @Test
  void whatEndsByItselfShowsItsLastWordsWithoutSecrets() throws Exception {
    String secret = "sk-local-secret-abcdef123456";
    try (Gateway gateway =
        Gateway.start(
            Gateway.all(
                one("--print", "no such file: x.gguf, api_key=" + secret, "--exit", "3"),
                new String[] {"iir.local.models[0].api-key=" + secret}))) {
      HttpResponse<String> answer = ask(gateway, "local/a", false);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(error(answer).path("message").asText())
          .contains("ended by itself with exit code 3")
          .contains("no such file: x.gguf")
          .doesNotContain(secret);
    }
  }

  @Test
  void whatListensElsewhereIsToldSo() throws Exception {
    try (Gateway gateway =
        Gateway.start(
            Gateway.all(
                one("--elsewhere"), new String[] {"iir.local.models[0].start-timeout=5s"}))) {
      HttpResponse<String> answer = ask(gateway, "local/a", false);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(error(answer).path("message").asText())
          .contains("was not ready at http://127.0.0.1:")
          .contains("nothing listens there, but it listens on ");
    }
  }

  @Test
  void theOneThatWasIdleForTheLongestMakesRoom() throws Exception {
    try (Gateway gateway =
        Gateway.start(
            Gateway.all(
                one(),
                ModelProgram.settings(1, "local/b"),
                ModelProgram.settings(2, "local/c"),
                ModelProgram.settings(3, "local/huge"),
                new String[] {
                  "iir.local.max-memory=500MB",
                  "iir.local.models[0].memory=200MB",
                  "iir.local.models[1].memory=200MB",
                  "iir.local.models[2].memory=200MB",
                  "iir.local.models[3].memory=1GB"
                }))) {
      assertThat(ask(gateway, "local/a", false).statusCode()).isEqualTo(200);
      assertThat(ask(gateway, "local/b", false).statusCode()).isEqualTo(200);
      assertThat(ask(gateway, "local/c", false).statusCode()).isEqualTo(200);
      assertThat(state(gateway, "local/a")).isEqualTo("stopped");
      assertThat(state(gateway, "local/b")).isEqualTo("ready");
      assertThat(state(gateway, "local/c")).isEqualTo("ready");
      HttpResponse<String> huge = ask(gateway, "local/huge", false);
      assertThat(huge.statusCode()).isEqualTo(503);
      assertThat(error(huge).path("message").asText())
          .contains("needs 1024 MB of memory, more than the 500 MB of iir.local.max-memory");
      // Sets never mean what is not fit, and mean what is ready before what must be started.
      HttpResponse<String> any = ask(gateway, "auto/local", false);
      assertThat(any.headers().firstValue("X-Route-Model").orElse("")).isIn("b", "c");
    }
  }

  @Test
  void whatAKilledGatewayLeftBehindIsTakenOver() throws Exception {
    Path data = Files.createDirectory(temp.resolve("data"));
    Path folder = Files.createDirectories(data.resolve("local"));
    String[] settings = one("--starts", starts.toString());
    long pid;
    try (Gateway first = Gateway.startIn(data, settings)) {
      assertThat(ask(first, "local/a", false).statusCode()).isEqualTo(200);
      pid = pids().getFirst();
      // As if the owner had been killed: the record says a process that is no more.
      Path record = record(folder);
      String owned = Files.readString(record);
      ChildRecord known = ChildRecord.read(record);
      assertThat(known).isNotNull();
      Files.writeString(record, owned.replaceAll("\"ownerStarted\":\\d+", "\"ownerStarted\":1"));
      try (Gateway second = Gateway.startIn(data, settings)) {
        assertThat(state(second, "local/a")).isEqualTo("ready");
        assertThat(ask(second, "local/a", false).statusCode()).isEqualTo(200);
        assertThat(pids()).containsExactly(pid);
      }
      await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }
    assertThat(folder).isDirectoryNotContaining("glob:**.json");
  }

  @Test
  void whatAnotherGatewayRunsIsLeftAlone() throws Exception {
    Path data = Files.createDirectory(temp.resolve("data"));
    Process owner = new ProcessBuilder("sleep", "600").start();
    try (Gateway first = Gateway.startIn(data, one("--starts", starts.toString()))) {
      assertThat(ask(first, "local/a", false).statusCode()).isEqualTo(200);
      long pid = pids().getFirst();
      Path record = record(data.resolve("local"));
      long started = owner.info().startInstant().orElseThrow().toEpochMilli();
      Files.writeString(
          record,
          Files.readString(record)
              .replaceAll("\"ownerPid\":\\d+", "\"ownerPid\":" + owner.pid())
              .replaceAll("\"ownerStarted\":\\d+", "\"ownerStarted\":" + started));
      try (Gateway second = Gateway.startIn(data, one("--starts", starts.toString()))) {
        assertThat(state(second, "local/a")).isEqualTo("stopped");
        assertThat(ask(second, "local/a", false).statusCode()).isEqualTo(200);
        assertThat(pids()).as("it starts one of its own").hasSize(2);
      }
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isPresent();
    } finally {
      owner.destroy();
    }
  }

  @Test
  void aClientThatLeavesWaitsNoLonger() throws Exception {
    try (Gateway gateway = Gateway.start(one("--gate", gate.toString()))) {
      HttpRequest request =
          gateway
              .request("/v1/chat/completions", "Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body("local/a", false)))
              .build();
      CompletableFuture<?> asking =
          gateway.client().sendAsync(request, HttpResponse.BodyHandlers.ofString());
      LocalModel model = gateway.bean(LocalModels.class).list().getFirst();
      await().until(() -> model.users() == 1);
      asking.cancel(true);
      await().until(() -> model.users() == 0);
      assertThat(state(gateway, "local/a")).isEqualTo("loading");
      Files.createFile(gate);
      await().until(() -> state(gateway, "local/a").equals("ready"));
    }
  }

  @Test
  void aGatewayThatStopsEndsAServerThatIsStarting() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gateway gateway =
          Gateway.start(
              Gateway.all(
                  one("--starts", starts.toString(), "--gate", gate.toString()),
                  new String[] {"iir.shutdown.grace=1s"}));
      Future<?> asking = threads.submit(() -> ask(gateway, "local/a", false));
      await().until(() -> Files.exists(starts) && !pids().isEmpty());
      gateway.context().close();
      long pid = pids().getFirst();
      assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
      asking.cancel(true);
      gateway.close();
    }
  }

  @Test
  void whatIsNoLongerConfiguredIsStopped() throws Exception {
    Path data = Files.createDirectory(temp.resolve("data"));
    try (Gateway first = Gateway.startIn(data, one("--starts", starts.toString()))) {
      assertThat(ask(first, "local/a", false).statusCode()).isEqualTo(200);
      long pid = pids().getFirst();
      Path record = record(data.resolve("local"));
      Files.writeString(
          record,
          Files.readString(record).replaceAll("\"ownerStarted\":\\d+", "\"ownerStarted\":1"));
      try (Gateway second = Gateway.startIn(data)) {
        assertThat(second.get("/health").statusCode()).isEqualTo(200);
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
      }
    }
  }

  private static Path record(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow();
    }
  }

  private static String[] one(String... arguments) {
    return Gateway.all(
        ModelProgram.settings(0, "local/a", arguments), new String[] {"iir.cache.enabled=false"});
  }

  private List<Long> pids() throws IOException {
    return Files.readAllLines(starts).stream().map(Long::valueOf).toList();
  }

  private static void kill(LocalModel model) {
    Long pid = model.pid();
    assertThat(pid).isNotNull();
    CompletableFuture<ProcessHandle> gone =
        ProcessHandle.of(pid == null ? -1 : pid).orElseThrow().onExit();
    ProcessHandle.of(pid == null ? -1 : pid).orElseThrow().destroyForcibly();
    gone.join();
  }

  private static double value(Gateway gateway, String state) {
    return gateway
        .bean(MeterRegistry.class)
        .get(Meters.LOCAL_STATE.id())
        .tag("model", "local/a")
        .tag("state", state)
        .gauge()
        .value();
  }

  private static String state(Gateway gateway, String id) {
    String body = gateway.get("/v1/models/" + id).body();
    return Gateway.json(body).path("iir").path("state").asText();
  }

  private static JsonNode error(HttpResponse<String> answer) {
    return Gateway.json(answer.body()).path("error");
  }

  private static String body(String model, boolean stream) {
    return """
    {"model":"%s","stream":%s,"messages":[{"role":"user","content":"Hello"}]}\
    """
        .formatted(model, stream);
  }

  private static HttpResponse<String> ask(Gateway gateway, String model, boolean stream) {
    return gateway.chat(body(model, stream));
  }
}
