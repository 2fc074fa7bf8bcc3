package io.iir.backend;

import io.iir.transport.AnswerStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The built-in provider {@code sim}: answers as a model server would, with words and not with
 * thought, and says so. {@code echo} repeats the last user message, {@code lorem} speaks filler
 * text. A stream sends a word every 15 ms. Thread-safe.
 */
public final class Simulator {

  private static final long WORD_MILLIS = 15;

  /**
   * What is simulated.
   *
   * @param model {@code echo} or {@code lorem}
   * @param text the last user message
   * @param promptTokens what the prompt counts
   * @param maxTokens the most words to answer; -1: no limit
   * @param stream whether to answer in a stream
   */
  public record Prompt(
      String model, String text, int promptTokens, int maxTokens, boolean stream) {}

  /** Answers {@code prompt} on {@code loop}, where this must be called. */
  public void answer(Prompt prompt, EventLoop loop, EventTap tap, UpstreamListener listener) {
    SimulatedAnswer answer = new SimulatedAnswer(prompt);
    if (!prompt.stream()) {
      listener.answered(200, type("application/json"), answer.completion());
      return;
    }
    Streaming streaming = new Streaming(answer, loop, tap);
    streaming.start(listener);
  }

  /** Answers the embeddings request {@code body}, which counts {@code promptTokens}. */
  public void embed(byte[] body, int promptTokens, UpstreamListener listener) {
    listener.answered(
        200, type("application/json"), SimulatedEmbeddings.answer(body, promptTokens));
  }

  private static HttpHeaders type(String value) {
    return new DefaultHttpHeaders().set("Content-Type", value);
  }

  /** One answer being streamed, on its event loop. */
  private static final class Streaming implements AnswerStream.Source {

    private final SimulatedAnswer answer;
    private final EventLoop loop;
    private final StreamRelay relay;
    private @Nullable ScheduledFuture<?> ticking;
    private int next;
    private boolean paused;

    Streaming(SimulatedAnswer answer, EventLoop loop, EventTap tap) {
      this.answer = answer;
      this.loop = loop;
      this.relay = new StreamRelay(loop, tap, this);
    }

    void start(UpstreamListener listener) {
      send(answer.chunk("assistant", "", null));
      relay.begin();
      listener.streaming(type("text/event-stream"), relay.stream());
      ticking =
          loop.scheduleAtFixedRate(this::tick, WORD_MILLIS, WORD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
      if (paused) {
        return;
      }
      if (next < answer.words().size()) {
        send(answer.chunk(null, answer.words().get(next++), null));
        return;
      }
      send(answer.chunk(null, null, answer.finishReason()));
      send(answer.usageChunk());
      send("[DONE]".getBytes(StandardCharsets.US_ASCII));
      stop();
      relay.providerEnded("");
    }

    private void send(byte[] data) {
      relay.feed(
          Unpooled.wrappedBuffer(
              "data: ".getBytes(StandardCharsets.US_ASCII),
              data,
              "\n\n".getBytes(StandardCharsets.US_ASCII)));
    }

    private void stop() {
      if (ticking != null) {
        ticking.cancel(false);
      }
    }

    @Override
    public void pause() {
      paused = true;
    }

    @Override
    public void resume() {
      paused = false;
    }

    @Override
    public void cancel() {
      loop.execute(this::stop);
    }
  }
}
