package io.iir.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.api.messages.CountTokensApi;
import io.iir.classify.Category;
import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.encoder.Bounds;
import io.iir.classify.encoder.FakeStage;
import io.iir.classify.encoder.Result;
import io.iir.classify.encoder.SecondOpinions;
import io.iir.classify.encoder.SecondOpinions.State;
import io.iir.openai.ChatRequest;
import io.iir.provider.ModelTraffic;
import io.iir.provider.ProviderDirectory;
import io.iir.transport.ClientLink;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An exchange asks the second stage, and holds no thread up while it waits. */
@Timeout(60)
class SecondOpinionTest {

  private static final String TOLD = "creative_writing";

  private final FakeStage stage = new FakeStage();
  private final SecondOpinions opinions =
      new SecondOpinions(stage, FakeStage.BESIDE, new Bounds(Duration.ofMinutes(1), 1, 10));
  private final EventLoop loop = new DefaultEventLoop();
  private final ExecutorService blocking = Executors.newSingleThreadExecutor();
  private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
  private final RequestClassification classification =
      new RequestClassification(new Classifier(ModelFile.shipped()), 0, new Wishes(directory()));

  SecondOpinionTest() {
    Variables.CLIENT_LINK.set(exchange, new ClientLink(loop));
    says("tides, then?");
    told(1, 0.4);
  }

  private static ProviderDirectory directory() {
    return new ProviderDirectory(List.of(), List.of(), Map.of(), List.of(), new ModelTraffic());
  }

  private void says(String text) {
    Variables.REQUEST.set(
        exchange,
        ChatRequest.parse(
            """
            {"model":"a/m","messages":[{"role":"user","content":"%s"}]}\
            """
                .formatted(text)
                .getBytes(UTF_8)));
  }

  private void told(int stage, double confidence) {
    Category category = Category.GENERAL_CHAT;
    Variables.CATEGORY.set(exchange, category.wireName());
    Variables.CONFIDENCE.set(exchange, confidence);
    Variables.CLASSIFICATION.set(
        exchange, new Classification(category, 0.3, confidence, "en", stage, FakeStage.BESIDE));
  }

  private int toldBy() {
    return Variables.CLASSIFICATION.get(exchange).stage();
  }

  @AfterEach
  void close() {
    stage.answers.countDown();
    opinions.close();
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    blocking.shutdown();
  }

  private SecondOpinion step(@Nullable SecondOpinions asked, double below) {
    return new SecondOpinion(classification, asked, below, blocking);
  }

  /** Sends the exchange through {@code step} on the loop; the thread that it goes on with. */
  private CompletableFuture<Thread> send(SecondOpinion step, CompletableFuture<Boolean> returned) {
    CompletableFuture<Thread> next = new CompletableFuture<>();
    loop.execute(() ->
        returned.complete(step.process(exchange, sync -> next.complete(Thread.currentThread()))));
    return next;
  }

  private void opened() {
    await().until(() -> opinions.state() == State.READY);
  }

  @Test
  void asksWhereTheFirstStageIsUnsureAndHoldsNoLoopUp() throws Exception {
    opened();
    stage.answers = new CountDownLatch(1);
    CompletableFuture<Boolean> returned = new CompletableFuture<>();
    CompletableFuture<Thread> next = send(step(opinions, 0.8), returned);
    assertThat(returned.get()).as("goes on later").isFalse();
    await().until(() -> stage.texts.size() == 1);
    assertThat(loop.submit(() -> "free").get()).as("the loop meanwhile").isEqualTo("free");
    assertThat(next).isNotDone();
    stage.answers.countDown();
    Thread thread = next.get();
    assertThat(loop.inEventLoop(thread)).as("goes on on the client's loop").isTrue();
    assertThat(stage.threads).singleElement().asString().startsWith("classify-encoder-");
    assertThat(stage.texts).containsExactly("tides, then?");
    assertThat(Variables.CATEGORY.get(exchange)).isEqualTo(TOLD);
    assertThat(Variables.CONFIDENCE.get(exchange)).isGreaterThan(0.99);
    assertThat(toldBy()).isEqualTo(2);
  }

  @Test
  void goesOnAtOnceWithScoresThatWereKept() throws Exception {
    opened();
    opinions.ask("tides, then?").join();
    CompletableFuture<Boolean> returned = new CompletableFuture<>();
    send(step(opinions, 0.8), returned).get();
    assertThat(returned.get()).isTrue();
    assertThat(Variables.CATEGORY.get(exchange)).isEqualTo(TOLD);
    assertThat(toldBy()).isEqualTo(2);
    assertThat(opinions.count(Result.KEPT)).isEqualTo(1);
  }

  @Test
  void asksNobodyWhereTheFirstStageIsSure() throws Exception {
    opened();
    CompletableFuture<Boolean> returned = new CompletableFuture<>();
    send(step(opinions, 0.4), returned).get();
    assertThat(returned.get()).isTrue();
    assertThat(stage.texts).isEmpty();
    assertThat(Variables.CATEGORY.get(exchange)).isEqualTo("general_chat");
    assertThat(toldBy()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shape or rules", "blank", "no chat", "a count of tokens"})
  void asksNobodyWhere(String why) throws Exception {
    opened();
    switch (why) {
      case "shape or rules" -> told(0, 0.4);
      case "blank" -> says(" \\n");
      case "no chat" -> Variables.CLASSIFICATION.remove(exchange);
      default -> Variables.API.set(exchange, new CountTokensApi(directory()));
    }
    CompletableFuture<Boolean> returned = new CompletableFuture<>();
    send(step(opinions, 0.8), returned).get();
    assertThat(returned.get()).isTrue();
    step(opinions, 0.8).await(exchange);
    assertThat(stage.texts).isEmpty();
    assertThat(Variables.CATEGORY.get(exchange)).isEqualTo("general_chat");
  }

  @Test
  void aThreadThatMayWaitHearsTheSame() {
    opened();
    step(opinions, 0.8).await(exchange);
    assertThat(Variables.CATEGORY.get(exchange)).isEqualTo(TOLD);
    assertThat(toldBy()).isEqualTo(2);
  }

  @Test
  void goesOnWithTheFirstStagesAnswerWhereThereIsNoOther() throws Exception {
    opened();
    stage.fails = new IllegalStateException("ONNX Runtime failed");
    send(step(opinions, 0.8), new CompletableFuture<>()).get();
    assertThat(Variables.CATEGORY.get(exchange)).isEqualTo("general_chat");
    send(step(null, 0.8), new CompletableFuture<>()).get();
    assertThat(Variables.CATEGORY.get(exchange)).isEqualTo("general_chat");
    assertThat(toldBy()).isEqualTo(1);
    assertThat(exchange.getException()).isNull();
  }
}
