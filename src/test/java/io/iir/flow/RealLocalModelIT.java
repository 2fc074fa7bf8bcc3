package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.local.LocalModel;
import io.iir.local.LocalModels;
import io.iir.testing.Gateway;
import io.iir.testing.RealModel;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real model from nothing to an answer: llama.cpp's server, started by the gateway. */
@Tag("real-model")
class RealLocalModelIT {

  private static final String ID = "local/" + RealModel.MODEL;

  @SuppressWarnings("NullAway.Init") // set before all
  private static Gateway gateway;

  @BeforeAll
  static void start() {
    List<String> settings = new ArrayList<>();
    settings.add("iir.local.models[0].id=" + ID);
    List<String> command = RealModel.command("{port}", "sk-of-the-server");
    for (int i = 0; i < command.size(); i++) {
      settings.add("iir.local.models[0].command[%d]=%s".formatted(i, command.get(i)));
    }
    settings.add("iir.local.models[0].api-key=sk-of-the-server");
    settings.add("iir.local.models[0].memory=400MB");
    settings.add("iir.local.models[0].idle-ttl=2s");
    settings.add("iir.cache.enabled=false");
    settings.add("iir.retry.attempts=0"); // or the request itself would start it again
    gateway = Gateway.start(settings.toArray(String[]::new));
  }

  @AfterAll
  static void stop() throws Exception {
    gateway.close();
  }

  @Test
  void isStartedAnswersAndIsGoneAfterItsTime() {
    awaitState("stopped");
    HttpResponse<String> answer = ask("auto/local");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Route-Model")).contains(RealModel.MODEL);
    JsonNode completion = Gateway.json(answer.body());
    assertThat(completion.at("/choices/0/message/content").asText()).isNotBlank();
    assertThat(completion.at("/usage/completion_tokens").asInt()).isPositive();
    awaitState("stopped");
    await().until(() -> gateway.bean(LocalModels.class).list().getFirst().pid() == null);
  }

  @Test
  void isStartedOnceForFiftyAndBackAfterItWasKilled() throws Exception {
    awaitState("stopped");
    LocalModel model = gateway.bean(LocalModels.class).list().getFirst();
    long before = model.starts();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        answers.add(threads.submit(() -> ask(ID)));
      }
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).as(answer.get().body()).isEqualTo(200);
      }
      assertThat(model.starts()).isEqualTo(before + 1);

      Future<HttpResponse<String>> cut = threads.submit(() -> ask(ID, 4000));
      await().until(() -> model.users() == 1 && model.pid() != null);
      Long pid = model.pid();
      assertThat(pid).isNotNull();
      ProcessHandle.of(pid == null ? -1 : pid).orElseThrow().destroyForcibly();
      // A connection that is reused is tried again, and finds nobody there.
      assertThat(cut.get().statusCode()).as(cut.get().body()).isIn(502, 503);
      assertThat(cut.get().body()).contains(ID);
      assertThat(ask(ID).statusCode()).as("the next request starts it again").isEqualTo(200);
    }
  }

  private static void awaitState(String state) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() ->
            Gateway.json(gateway.get("/v1/models/" + ID).body())
                .at("/iir/state")
                .asText()
                .equals(state));
  }

  private static HttpResponse<String> ask(String model) {
    return ask(model, 4);
  }

  private static HttpResponse<String> ask(String model, int tokens) {
    return gateway.chat(
        """
        {"model":"%s","max_tokens":%d,"messages":[{"role":"user","content":"Count to 1000."}]}\
        """
            .formatted(model, tokens));
  }
}
