package io.iir.backend;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.iir.transport.AnswerStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The built-in provider {@code sim}: answers as a model server would, with words and not with
 * thought, and says so. {@code echo} repeats the last user message, {@code lorem} speaks filler
 * text. A stream sends a word every 15 ms. Thread-safe.
 */
public final class Simulator {

  private static final JsonFactory JSON = new JsonFactory();
  private static final long WORD_MILLIS = 15;
  private static final String LOREM =
      "This is the built-in simulator of the gateway, not a language model. Lorem ipsum dolor sit"
          + " amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et"
          + " dolore magna aliqua. Ut enim ad minim veniam, quis nostrud exercitation ullamco"
          + " laboris nisi ut aliquip ex ea commodo consequat.";

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
    Speech speech = new Speech(prompt);
    if (!prompt.stream()) {
      listener.answered(200, type("application/json"), speech.completion());
      return;
    }
    Streaming streaming = new Streaming(speech, loop, tap);
    streaming.start(listener);
  }

  private static HttpHeaders type(String value) {
    return new DefaultHttpHeaders().set("Content-Type", value);
  }

  /** The words of one answer, and their JSON. */
  private static final class Speech {

    private final Prompt prompt;
    private final List<String> words = new ArrayList<>();
    private final String finishReason;
    private final long created = System.currentTimeMillis() / 1000;
    private final String id = "chatcmpl-sim-" + Long.toHexString(System.nanoTime());

    Speech(Prompt prompt) {
      this.prompt = prompt;
      String text = prompt.model().equals("echo") ? "[simulated] " + prompt.text() : LOREM;
      List<String> all = split(text);
      boolean cut = prompt.maxTokens() > 0 && prompt.maxTokens() < all.size();
      words.addAll(cut ? all.subList(0, prompt.maxTokens()) : all);
      finishReason = cut ? "length" : "stop";
    }

    /** Pieces that each end after a space: put together they are the text. */
    private static List<String> split(String text) {
      List<String> pieces = new ArrayList<>();
      int start = 0;
      for (int i = 0; i < text.length(); i++) {
        if (text.charAt(i) == ' ' || i == text.length() - 1) {
          pieces.add(text.substring(start, i + 1));
          start = i + 1;
        }
      }
      return pieces;
    }

    byte[] completion() {
      return json(
          "chat.completion",
          out -> {
            choice(out, "message", true, String.join("", words), finishReason);
            usage(out);
          });
    }

    byte[] chunk(@Nullable String role, @Nullable String content, @Nullable String finish) {
      return json(
          "chat.completion.chunk", out -> choice(out, "delta", role != null, content, finish));
    }

    byte[] usageChunk() {
      return json(
          "chat.completion.chunk",
          out -> {
            out.writeArrayFieldStart("choices");
            out.writeEndArray();
            usage(out);
          });
    }

    private interface Part {
      void write(JsonGenerator out) throws IOException;
    }

    private byte[] json(String object, Part part) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
      try (JsonGenerator out = JSON.createGenerator(bytes)) {
        out.writeStartObject();
        out.writeStringField("id", id);
        out.writeStringField("object", object);
        out.writeNumberField("created", created);
        out.writeStringField("model", prompt.model());
        out.writeStringField("system_fingerprint", "iir-simulator");
        part.write(out);
        out.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return bytes.toByteArray();
    }

    private static void choice(
        JsonGenerator out,
        String field,
        boolean withRole,
        @Nullable String content,
        @Nullable String finish)
        throws IOException {
      out.writeArrayFieldStart("choices");
      out.writeStartObject();
      out.writeNumberField("index", 0);
      out.writeObjectFieldStart(field);
      if (withRole) {
        out.writeStringField("role", "assistant");
      }
      if (content != null) {
        out.writeStringField("content", content);
      }
      out.writeEndObject();
      out.writeNullField("logprobs");
      out.writeStringField("finish_reason", finish);
      out.writeEndObject();
      out.writeEndArray();
    }

    private void usage(JsonGenerator out) throws IOException {
      out.writeObjectFieldStart("usage");
      out.writeNumberField("prompt_tokens", prompt.promptTokens());
      out.writeNumberField("completion_tokens", words.size());
      out.writeNumberField("total_tokens", prompt.promptTokens() + words.size());
      out.writeEndObject();
    }
  }

  /** One answer being streamed, on its event loop. */
  private static final class Streaming implements AnswerStream.Source {

    private final Speech speech;
    private final EventLoop loop;
    private final StreamRelay relay;
    private @Nullable ScheduledFuture<?> ticking;
    private int next;
    private boolean paused;

    Streaming(Speech speech, EventLoop loop, EventTap tap) {
      this.speech = speech;
      this.loop = loop;
      this.relay = new StreamRelay(loop, tap, this);
    }

    void start(UpstreamListener listener) {
      send(speech.chunk("assistant", "", null));
      relay.begin();
      listener.streaming(type("text/event-stream"), relay.stream());
      ticking =
          loop.scheduleAtFixedRate(this::tick, WORD_MILLIS, WORD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void tick() {
      if (paused) {
        return;
      }
      if (next < speech.words.size()) {
        send(speech.chunk(null, speech.words.get(next++), null));
        return;
      }
      send(speech.chunk(null, null, speech.finishReason));
      send(speech.usageChunk());
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
