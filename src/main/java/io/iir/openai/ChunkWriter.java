package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes {@code chat.completion.chunk} events, all with the same common fields, which are
 * serialised once. For one stream.
 */
final class ChunkWriter {

  /** Characters of a piece of text, at least; one more where a surrogate pair would be cut. */
  static final int PIECE = 20;

  /**
   * The most pieces of one text, about: a chunk is some 250 bytes longer than its text, so that a
   * long text in pieces of {@value #PIECE} would take many times its memory and time.
   */
  static final int PIECES = 500;

  private static final byte[] FINISH = ",\"finish_reason\":null}]".getBytes(UTF_8);
  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(UTF_8);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(4_096);
  private final byte[] start;
  private final String end;

  /** Chunks with {@code common} fields; {@code end} closes each. */
  private ChunkWriter(ObjectNode common, String end) {
    String open = new String(bytes(common), UTF_8);
    String comma = common.isEmpty() ? "" : ",";
    this.start =
        ("data: " + open.substring(0, open.length() - 1) + comma + "\"choices\":[").getBytes(UTF_8);
    this.end = end;
  }

  /** Chunks without {@code usage}. */
  static ChunkWriter plain(ObjectNode common) {
    return new ChunkWriter(common, "}\n\n");
  }

  /** Chunks with {@code "usage": null}, as a stream has them whose last chunk tells it. */
  static ChunkWriter announcingUsage(ObjectNode common) {
    return new ChunkWriter(common, ",\"usage\":null}\n\n");
  }

  /** {@code text} in at most about {@value #PIECES} pieces, none for an empty one. */
  static List<String> pieces(String text) {
    int length = Math.max(PIECE, text.length() / PIECES);
    List<String> pieces = new ArrayList<>(text.length() / length + 1);
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(from + length, text.length());
      if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
        to++;
      }
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** A chunk that adds {@code delta} to the choice {@code index}. */
  void delta(int index, JsonNode delta) {
    out.writeBytes(start);
    out.writeBytes(("{\"index\":" + index + ",\"delta\":").getBytes(UTF_8));
    out.writeBytes(bytes(delta));
    out.writeBytes(FINISH);
    out.writeBytes(end.getBytes(UTF_8));
  }

  /**
   * The last chunk of a choice, with all its fields but the message, and {@code besides} the choice
   * these fields.
   */
  void last(ObjectNode choice, ObjectNode besides) {
    choice.putObject("delta");
    out.writeBytes(start);
    out.writeBytes(bytes(choice));
    String members = besides.isEmpty() ? "" : "," + members(besides);
    out.writeBytes(("]" + members + end).getBytes(UTF_8));
  }

  /** A chunk without choices that has {@code fields} besides the common ones. */
  void withoutChoices(ObjectNode fields) {
    out.writeBytes(start);
    out.writeBytes(("]," + members(fields) + "}\n\n").getBytes(UTF_8));
  }

  /** All that was written, and the stream's end. */
  byte[] done() {
    out.writeBytes(DONE);
    return out.toByteArray();
  }

  /** The members of {@code object}, without its braces. */
  private static String members(ObjectNode object) {
    String json = new String(bytes(object), UTF_8);
    return json.substring(1, json.length() - 1);
  }

  private static byte[] bytes(JsonNode node) {
    try {
      return JsonBytes.TREE.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
