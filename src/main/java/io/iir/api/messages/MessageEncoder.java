package io.iir.api.messages;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.api.EventReader;
import io.iir.openai.ModelRequest;
import io.iir.openai.TokenEstimator;
import io.iir.transport.StreamEncoder;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns a stream of OpenAI's chunks into one of Anthropic's events: {@code message_start}, for each
 * block its start, deltas and stop, {@code message_delta} with the usage, {@code message_stop}. A
 * failure is an {@code error} event, after which nothing follows. Events of Anthropic's own that
 * the chunks were made of go out as they are instead.
 *
 * <p>Blocks follow on each other; only tool calls whose pieces come mixed are open at a time. One a
 * stream, on its event loop.
 */
final class MessageEncoder implements StreamEncoder, EventReader.Sink {

  private enum Open {
    NONE,
    THINKING,
    TEXT,
    TOOLS
  }

  private final ModelRequest request;
  private final EventWriter out = new EventWriter();
  private final Chunk chunk = new Chunk();
  private final Halves halves = new Halves();
  private final TokenEstimator tokens = new TokenEstimator();
  private final List<ToolBlock> tools = new ArrayList<>(2);
  private Open open = Open.NONE;
  private int blocks;
  private boolean started;
  private boolean original;
  private boolean over;
  private @Nullable String finish;
  private @Nullable String stopSequence;
  private @Nullable Spent usage;

  /** An encoder of the answer to {@code request}. */
  MessageEncoder(ModelRequest request) {
    this.request = request;
  }

  @Override
  public @Nullable ByteBuf encode(ByteBuf events) {
    EventReader.read(events, this);
    return out.take();
  }

  @Override
  public @Nullable ByteBuf end() {
    return out.take(); // a stream without its end has had its error, or is to look cut
  }

  @Override
  public void close() {
    out.close();
  }

  @Override
  public void comment(byte[] comment) {
    if (!over) {
      out.ping();
    }
  }

  @Override
  public void done() {
    if (!over && !original) {
      finish();
    }
    over = true;
  }

  @Override
  public void chunk(byte[] json) {
    if (over) {
      return;
    }
    try {
      chunk.read(json);
    } catch (IOException e) {
      fail("api_error", "the provider's stream has an event that is no JSON");
      return;
    }
    if (chunk.hasOriginal()) {
      original(json);
    } else if (chunk.error != null) {
      fail(ErrorForm.type(chunk.error), message(chunk.error));
    } else if (!original) {
      translate();
    }
  }

  private void original(byte[] json) {
    original = true;
    started = true;
    String type = EventType.of(json, chunk.originalFrom, chunk.originalTo);
    out.verbatim(type, json, chunk.originalFrom, chunk.originalTo);
    over = type.equals("error");
  }

  private void translate() {
    start();
    thinking(chunk.thinking);
    for (Chunk.Detail detail : chunk.details) {
      detail(detail);
    }
    text(chunk.text);
    chunk.calls.forEach(this::call);
    finish = chunk.finish == null ? finish : chunk.finish;
    if (stopSequence == null && chunk.stop != null) {
      stopSequence = StopSequences.met(chunk.stop, request);
    }
    usage = chunk.usage == null ? usage : chunk.usage;
  }

  private void start() {
    if (!started) {
      started = true;
      out.messageStart(
          Ids.message(chunk.id),
          chunk.model == null ? request.model() : chunk.model,
          new Spent(request.promptTokens(), 0, 0, 0));
    }
  }

  private void thinking(CharSequence piece) {
    if (piece.isEmpty()) {
      return;
    }
    if (open != Open.THINKING) {
      become(Open.THINKING);
      out.thinkingStart(blocks);
    }
    say("thinking_delta", "thinking", halves.join(piece));
  }

  private void detail(Chunk.Detail detail) {
    if (chunk.thinking.isEmpty()) {
      thinking(detail.text());
    }
    String signature = detail.signature();
    if (signature != null && !signature.isEmpty() && open == Open.THINKING) {
      out.delta(blocks, "signature_delta", "signature", signature);
    }
    if (detail.data() != null) {
      become(Open.NONE);
      out.redactedStart(blocks, detail.data());
      out.blockStop(blocks);
      blocks++;
    }
  }

  private void text(CharSequence piece) {
    if (piece.isEmpty()) {
      return;
    }
    if (open != Open.TEXT) {
      become(Open.TEXT);
      out.textStart(blocks);
    }
    say("text_delta", "text", halves.join(piece));
  }

  private void say(String type, String field, String text) {
    if (!text.isEmpty()) { // half a character waits for the other half
      count(text);
      out.delta(blocks, type, field, text);
    }
  }

  private void call(Chunk.Call piece) {
    ToolBlock tool = toolOf(piece);
    tool.learn(piece);
    if (!tool.begun() && tool.named()) {
      if (open != Open.TOOLS) {
        become(Open.TOOLS);
      }
      stopTools(false);
      tool.begin(blocks, out);
      blocks++;
    }
    String arguments = piece.arguments();
    count(arguments);
    tool.arguments(arguments, out);
  }

  /** The call that a piece belongs to; servers that do not number calls name each by its id. */
  private ToolBlock toolOf(Chunk.Call piece) {
    ToolBlock last = tools.isEmpty() ? null : tools.getLast();
    if (piece.index() < 0) {
      String id = piece.id();
      boolean goesOn = id == null || id.isEmpty();
      if (last != null && (goesOn || Objects.equals(id, last.id()))) {
        return last;
      }
    }
    for (ToolBlock tool : tools) {
      if (tool.call() == piece.index()) {
        return tool;
      }
    }
    ToolBlock tool = new ToolBlock(piece.index() < 0 ? -2 - tools.size() : piece.index());
    tools.add(tool);
    return tool;
  }

  /** Ends what is open, before something else begins. */
  private void become(Open next) {
    switch (open) {
      case THINKING, TEXT -> {
        out.blockStop(blocks);
        blocks++;
      }
      case TOOLS -> stopTools(true);
      case NONE -> {}
    }
    halves.drop();
    open = next;
  }

  /** Ends the calls whose arguments are whole, or all. */
  private void stopTools(boolean all) {
    for (ToolBlock tool : tools) {
      if (tool.begun() && !tool.stopped() && (all || tool.complete())) {
        tool.stop();
        out.blockStop(tool.block());
      }
    }
  }

  private void finish() {
    start();
    become(Open.NONE);
    boolean called = tools.stream().anyMatch(ToolBlock::begun);
    out.messageDelta(
        StopReason.of(finish, called, stopSequence != null),
        stopSequence,
        usage == null ? new Spent(request.promptTokens(), 0, 0, tokens.tokens()) : usage);
    out.messageStop();
  }

  private void fail(String type, String message) {
    over = true;
    out.error(type, message);
  }

  private void count(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    tokens.addUtf8(utf8, 0, utf8.length);
  }

  private static String message(JsonNode error) {
    String message = error.isTextual() ? error.textValue() : error.path("message").asText("");
    return message.isEmpty() ? "the provider failed" : message;
  }
}
