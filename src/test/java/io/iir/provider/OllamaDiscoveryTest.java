package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.provider.ModelListClient.Answer;
import io.iir.testing.CassetteServer;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OllamaDiscoveryTest extends DiscoveryKit {

  OllamaDiscoveryTest() {
    super(ProviderKind.OLLAMA);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).hasSize(4);
    ModelFacts qwen = facts(models, "qwen3:8b");
    assertThat(qwen.context()).as("num_ctx goes before what it was trained with").isEqualTo(16384);
    assertThat(qwen.can())
        .containsExactlyInAnyOrder(Capability.CHAT, Capability.TOOLS, Capability.JSON);
    assertThat(qwen.cannot()).containsExactly(Capability.IMAGES);
    assertThat(qwen.about().quantization()).isEqualTo("Q4_K_M");
    ModelFacts gemma = facts(models, "gemma3:4b");
    assertThat(gemma.context()).as("loaded with").isEqualTo(4096);
    assertThat(gemma.can()).contains(Capability.IMAGES).doesNotContain(Capability.TOOLS);
    assertThat(gemma.about().inputs()).containsExactly("image", "text");
    ModelFacts nomic = facts(models, "nomic-embed-text:latest");
    assertThat(nomic.cannot()).contains(Capability.CHAT);
    assertThat(nomic.about().outputs()).containsExactly("embedding");
    ModelFacts unshown = facts(models, "hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q8_0");
    assertThat(unshown.context()).isNull();
    assertThat(unshown.about().quantization()).as("as the tags say").isEqualTo("Q8_0");
  }

  @Test
  void whereNothingElseIsToldTheListStands() throws Exception {
    server().restAnswers(CassetteServer.body(200, "<html>"));
    assertThat(listed()).hasSize(4);
    assertThat(facts(listed(), "qwen3:8b")).isEqualTo(ModelFacts.UNKNOWN);
  }

  @Test
  void isAskedOfEightModelsAtATimeAndOfTwoHundred() throws Exception {
    String many =
        IntStream.range(0, 250)
            .mapToObj("{\"id\":\"qwen3:8b-%d\",\"owned_by\":\"library\"}"::formatted)
            .collect(Collectors.joining(",", "{\"object\":\"list\",\"data\":[", "]}"));
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger shown = new AtomicInteger();
    CountDownLatch eight = new CountDownLatch(8);
    server().listAnswers(CassetteServer.body(200, many));
    server()
        .restAnswers(exchange -> {
          if (exchange.getRequestURI().getPath().equals("/api/show")) {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            shown.incrementAndGet();
            eight.countDown();
            await(eight);
            now.decrementAndGet();
          }
          CassetteServer.body(200, "{\"capabilities\":[\"completion\"]}").to(exchange);
        });
    Map<String, ListedModel> models = listed();
    assertThat(models).hasSize(250);
    assertThat(facts(models, "qwen3:8b-199").can()).contains(Capability.CHAT);
    assertThat(facts(models, "qwen3:8b-200")).isEqualTo(ModelFacts.UNKNOWN);
    assertThat(shown).hasValue(200);
    assertThat(most).hasValue(8);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void showsThatAreSlowCostOnlyWhatTheyWouldHaveTold() throws Exception {
    assertThat(listed()).hasSize(4);
    server().restAnswers(CassetteServer.nothing());
    Answer answer = ask(null, Duration.ofSeconds(2));
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Models.class,
            list -> {
              assertThat(list.kind()).isEqualTo(ProviderKind.OLLAMA);
              assertThat(list.models()).hasSize(4);
            });
  }

  @Test
  void aKindThatWasNotToldInTimeIsAskedForAgain() throws Exception {
    server().probesAnswer(CassetteServer.nothing());
    assertThat(ask(null, Duration.ofSeconds(2)))
        .isInstanceOfSatisfying(
            Answer.Models.class,
            list -> {
              assertThat(list.kind()).isEqualTo(ProviderKind.OPENAI);
              assertThat(list.models()).hasSize(4);
            });
    server().answersAsRecorded();
    check(listed());
  }
}
