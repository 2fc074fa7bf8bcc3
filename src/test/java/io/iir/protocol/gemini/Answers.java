package io.iir.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.backend.AnswerTranslator;
import io.iir.testing.Gateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Answers of Gemini's, and what becomes of them. */
final class Answers {

  private Answers() {}

  /** A recorded answer. */
  static byte[] file(String name) {
    try (InputStream in =
        Objects.requireNonNull(Answers.class.getResourceAsStream("/protocol/gemini/" + name))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The completion that a recorded answer is. */
  static JsonNode completion(String name) {
    return whole(200, file(name));
  }

  /** The completion that {@code answer} is. */
  static JsonNode of(String answer) {
    return whole(200, answer.getBytes(UTF_8));
  }

  static JsonNode whole(int status, byte[] body) {
    return Gateway.json(new String(new GeminiTranslator("gemini-x").whole(status, body), UTF_8));
  }

  /** An answer with one candidate of {@code members}. */
  static String candidate(String members) {
    return "{\"candidates\":[{%s}],\"responseId\":\"r\"}".formatted(members);
  }

  /** The data of the events that {@code wire} becomes, cut into pieces of {@code size} bytes. */
  static List<String> events(byte[] wire, int size) {
    AnswerTranslator translator = new GeminiTranslator("gemini-x");
    StringBuilder out = new StringBuilder();
    for (int from = 0; from < wire.length; from += size) {
      byte[] piece = Arrays.copyOfRange(wire, from, Math.min(wire.length, from + size));
      add(out, translator.events(Unpooled.wrappedBuffer(piece)));
    }
    add(out, translator.end());
    translator.close();
    return data(out.toString());
  }

  /** As {@link #events(byte[], int)}, of events with the data {@code all}. */
  static List<String> events(String... all) {
    StringBuilder wire = new StringBuilder();
    for (String data : all) {
      wire.append("data: ").append(data).append("\r\n\r\n");
    }
    return events(wire.toString().getBytes(UTF_8), Integer.MAX_VALUE >> 1);
  }

  static void add(StringBuilder out, @Nullable ByteBuf piece) {
    if (piece != null) {
      out.append(piece.toString(UTF_8));
      piece.release();
    }
  }

  private static List<String> data(String events) {
    List<String> data = new ArrayList<>();
    for (String event : events.split("\n\n", -1)) {
      if (!event.isEmpty()) {
        data.add(event.substring("data: ".length()));
      }
    }
    return data;
  }
}
