package io.iir.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.JsonBytes;
import io.iir.openai.StreamedText;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rest of an answer, which another model gives, look like its beginning: the same id,
 * time and model, no second role, the usage of both together.
 */
public final class ContinuedAnswer implements AnswerTranslator {

  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final @Nullable AnswerTranslator protocol;
  private final StreamedText before;
  private final long promptTokens;
  private final long completionTokens;
  private final SseFramer framer = new SseFramer(this::rewrite);
  private String missing;
  private @Nullable ByteBuf out;

  /**
   * The rest of {@code before}.
   *
   * @param protocol reads the other model's answer; null: it is in OpenAI's form
   * @param left the space at the end of the beginning that the other model was not shown
   * @param used what the beginning has cost: its tokens are added to those of the rest
   */
  public ContinuedAnswer(
      @Nullable AnswerTranslator protocol, StreamedText before, String left, Tally used) {
    this.protocol = protocol;
    this.before = before;
    this.missing = left;
    this.promptTokens = used.promptTokens();
    this.completionTokens = used.completionTokens();
  }

  @Override
  public boolean isStream(String contentType) {
    return protocol == null
        ? contentType.toLowerCase(Locale.ROOT).startsWith("text/event-stream")
        : protocol.isStream(contentType);
  }

  @Override
  public @Nullable ByteBuf events(ByteBuf wire) {
    ByteBuf events = protocol == null ? wire : protocol.events(wire);
    return events == null ? null : rewritten(events);
  }

  @Override
  public @Nullable ByteBuf end() {
    ByteBuf events = protocol == null ? null : protocol.end();
    return events == null ? null : rewritten(events);
  }

  private @Nullable ByteBuf rewritten(ByteBuf events) {
    ByteBuf all = events.alloc().buffer(events.readableBytes() + 64);
    out = all;
    ByteBuf others;
    try {
      others = framer.feed(events); // comments
    } catch (RuntimeException e) {
      all.release();
      throw e;
    } finally {
      out = null;
    }
    if (others != null) {
      all.writeBytes(others);
      others.release();
    }
    if (all.isReadable()) {
      return all;
    }
    all.release();
    return null;
  }

  /** Writes the event as it is to be; the one that came never goes on. */
  private boolean rewrite(byte[] data, int offset, int length) {
    ByteBuf to = out;
    if (to == null) {
      return false;
    }
    to.writeBytes(DATA);
    JsonNode chunk = tree(data, offset, length);
    if (chunk instanceof ObjectNode object && !object.has("error")) {
      adapt(object);
      try (OutputStream json = new ByteBufOutputStream(to)) {
        JsonBytes.TREE.writeValue(json, object);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else {
      to.writeBytes(data, offset, length);
    }
    to.writeBytes(END);
    return false;
  }

  private static @Nullable JsonNode tree(byte[] data, int offset, int length) {
    try {
      return JsonBytes.TREE.readTree(data, offset, length);
    } catch (IOException e) {
      return null; // the closing event, or one that the relay will refuse
    }
  }

  private void adapt(ObjectNode chunk) {
    put(chunk, "id", before.id());
    put(chunk, "created", before.created());
    put(chunk, "model", before.model());
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.get("delta") instanceof ObjectNode delta) {
        delta.remove("role");
        skipMissing(delta);
      }
    }
    if (chunk.get("usage") instanceof ObjectNode usage) {
      add(usage, "prompt_tokens", promptTokens);
      add(usage, "completion_tokens", completionTokens);
      add(usage, "total_tokens", promptTokens + completionTokens);
    }
  }

  private static void put(ObjectNode chunk, String field, @Nullable JsonNode value) {
    if (value != null) {
      chunk.set(field, value);
    }
  }

  private static void add(ObjectNode usage, String field, long tokens) {
    usage.put(field, usage.path(field).asLong() + tokens);
  }

  /** The client has the space at the end of the beginning: the rest may begin with it, too. */
  private void skipMissing(ObjectNode delta) {
    String text = delta.path("content").asText("");
    if (missing.isEmpty() || text.isEmpty()) {
      return;
    }
    int same = 0;
    while (same < Math.min(missing.length(), text.length())
        && missing.charAt(same) == text.charAt(same)) {
      same++;
    }
    missing = same == text.length() ? missing.substring(same) : "";
    delta.put("content", text.substring(same));
  }

  @Override
  public byte[] whole(int status, byte[] body) {
    byte[] answer = protocol == null ? body : protocol.whole(status, body);
    JsonNode completion = tree(answer, 0, answer.length);
    if (status != 200 || !(completion instanceof ObjectNode object)) {
      return answer;
    }
    adapt(object);
    return JsonBytes.write(object);
  }

  @Override
  public void close() {
    framer.close();
    if (protocol != null) {
      protocol.close();
    }
  }
}
