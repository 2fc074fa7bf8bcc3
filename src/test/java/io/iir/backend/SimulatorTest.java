package io.iir.backend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.backend.ChatTap.UsageChunk;
import io.iir.backend.Simulator.Prompt;
import io.iir.testing.Chunks;
import io.iir.testing.Gateway;
import io.iir.transport.AnswerStream;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class SimulatorTest {

  private final EmbeddedChannel channel = timeless();
  private final Tally tally = new Tally(3);
  private final StringBuilder received = new StringBuilder();
  private @Nullable JsonNode whole;
  private @Nullable AnswerStream stream;

  private final UpstreamListener listener =
      new UpstreamListener() {
        @Override
        public void answered(int status, HttpHeaders headers, byte[] body) {
          assertThat(status).isEqualTo(200);
          whole = Gateway.json(new String(body, UTF_8));
        }

        @Override
        public void streaming(HttpHeaders headers, AnswerStream begun) {
          stream = begun;
        }

        @Override
        public void failed(UpstreamException failure) {
          throw new AssertionError(failure);
        }
      };

  @Test
  void echoRepeatsAndSaysThatItSimulates() {
    ask(new Prompt("echo", "one two", 3, -1, false));
    assertThat(content()).isEqualTo("[simulated] one two");
    JsonNode whole = whole();
    assertThat(whole.path("choices").path(0).path("finish_reason").asText()).isEqualTo("stop");
    assertThat(whole.path("usage").path("prompt_tokens").asInt()).isEqualTo(3);
    assertThat(whole.path("usage").path("completion_tokens").asInt()).isEqualTo(3);
  }

  @Test
  void loremSaysThatItSimulates() {
    ask(new Prompt("lorem", "Hello", 3, -1, false));
    assertThat(content()).startsWith("This is the built-in simulator");
  }

  @Test
  void anAnswerIsCutAtItsLimit() {
    ask(new Prompt("lorem", "Hello", 3, 2, false));
    assertThat(content()).isEqualTo("This is ");
    assertThat(whole().path("choices").path(0).path("finish_reason").asText()).isEqualTo("length");
  }

  @Test
  void aStreamSendsAWordAtATime() {
    AnswerStream begun = askStream();
    read(begun);
    assertThat(received.toString()).doesNotContain("[simulated]");
    pass(15);
    assertThat(received.toString()).contains("[simulated]").doesNotContain("two");
    pass(100);
    assertThat(received.toString()).contains("two").endsWith(Chunks.DONE + "end");
    assertThat(tally.completionTokens()).isEqualTo(3);
    assertThat(tally.finishReason()).isEqualTo("stop");
  }

  @Test
  void aStreamThatIsLeftStops() {
    AnswerStream begun = askStream();
    begun.cancel();
    pass(1000);
    assertThat(tally.finishReason()).isNull();
  }

  @Test
  void aStreamWaitsForASlowReader() {
    AnswerStream begun = askStream();
    begun.writableWhile(() -> false);
    read(begun);
    pass(1000);
    assertThat(received.toString()).isEmpty();
    assertThat(tally.finishReason()).isNull();
    begun.writableWhile(() -> true);
    begun.drain();
    pass(1000);
    assertThat(received.toString()).endsWith(Chunks.DONE + "end");
  }

  private AnswerStream askStream() {
    ask(new Prompt("echo", "one two", 3, -1, true));
    return Objects.requireNonNull(stream);
  }

  private JsonNode whole() {
    return Objects.requireNonNull(whole);
  }

  private void ask(Prompt prompt) {
    tally.calling();
    new Simulator()
        .answer(
            prompt,
            channel.eventLoop(),
            new ChatTap(tally, UsageChunk.HIDDEN, "sim", 1, null),
            listener);
  }

  /** Whose time passes only by {@link #pass}, however long the machine takes. */
  private static EmbeddedChannel timeless() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    return channel;
  }

  private void pass(long millis) {
    for (long i = 0; i < millis; i++) {
      channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
      channel.runPendingTasks();
    }
  }

  private String content() {
    return whole().path("choices").path(0).path("message").path("content").asText();
  }

  private void read(AnswerStream begun) {
    begun.subscribe(
        new Subscriber<>() {
          @Override
          public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(ByteBuf bytes) {
            received.append(bytes.toString(UTF_8));
            bytes.release();
          }

          @Override
          public void onError(Throwable failure) {
            throw new AssertionError(failure);
          }

          @Override
          public void onComplete() {
            received.append("end");
          }
        });
  }
}
