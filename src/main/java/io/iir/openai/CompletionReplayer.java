package io.iir.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes of one {@code chat.completion} the server-sent events of a stream with the same meaning:
 * the inverse of {@link CompletionAssembler}.
 *
 * <p>For each choice a first chunk with the role, then texts and arguments in pieces of at least
 * {@value ChunkWriter#PIECE} characters, at most about {@value ChunkWriter#PIECES} each, then a
 * chunk with the finish reason, the log probabilities and what else the choice has. Top-level
 * fields that chunks do not repeat go with the last of those chunks: a chunk without choices, which
 * many clients trip over, is sent only for usage. Of a {@code text_completion} as {@link
 * TextReplay} has it.
 */
public final class CompletionReplayer {

  private static final List<String> TEXTS =
      List.of("reasoning_content", "reasoning", "content", "refusal");
  private static final Set<String> ON_EVERY_CHUNK =
      Set.of("id", "created", "model", "system_fingerprint", "service_tier");

  private CompletionReplayer() {}

  /**
   * The stream for a client that did not ask for usage.
   *
   * @throws IllegalArgumentException if {@code completion} or a choice of it is no JSON object
   */
  public static byte[] replay(byte[] completion) {
    ObjectNode answer = tree(completion);
    answer.remove("usage");
    return replay(answer);
  }

  /**
   * The stream for a client that asked for usage: {@code usage} is null on each chunk, and a last
   * chunk without choices has it, if the completion does.
   *
   * @throws IllegalArgumentException if {@code completion} or a choice of it is no JSON object
   */
  public static byte[] replayWithUsage(byte[] completion) {
    return replay(tree(completion));
  }

  private static byte[] replay(ObjectNode answer) {
    if (TextReplay.fits(answer)) {
      return TextReplay.of(answer);
    }
    ObjectNode common = JsonBytes.TREE.createObjectNode();
    ObjectNode rest = JsonBytes.TREE.createObjectNode();
    for (Map.Entry<String, JsonNode> field : answer.properties()) {
      String name = field.getKey();
      if (ON_EVERY_CHUNK.contains(name)) {
        common.set(name, field.getValue());
      } else if (name.equals("object")) {
        common.put(name, "chat.completion.chunk");
      } else if (!name.equals("choices") && !name.equals("usage")) {
        rest.set(name, field.getValue());
      }
    }
    boolean usage = answer.path("usage").isObject();
    ChunkWriter out = usage ? ChunkWriter.announcingUsage(common) : ChunkWriter.plain(common);
    JsonNode choices = answer.path("choices");
    for (int i = 0; i < choices.size(); i++) {
      if (!choices.get(i).isObject()) {
        throw new IllegalArgumentException("choice %d is no object".formatted(i));
      }
      boolean last = i == choices.size() - 1;
      choice(choices.get(i), last ? rest : JsonBytes.TREE.createObjectNode(), out);
    }
    if (usage) {
      out.withoutChoices(answer.<ObjectNode>deepCopy().retain("usage"));
    }
    return out.done();
  }

  private static void choice(JsonNode choice, ObjectNode besides, ChunkWriter out) {
    int index = choice.path("index").asInt();
    JsonNode message = choice.path("message");
    ObjectNode first = JsonBytes.TREE.createObjectNode();
    for (Map.Entry<String, JsonNode> field : message.properties()) {
      String name = field.getKey();
      if (TEXTS.contains(name) && field.getValue().isTextual()) {
        first.put(name, "");
      } else if (!name.equals("tool_calls") && !name.equals("function_call")) {
        first.set(name, field.getValue());
      }
    }
    out.delta(index, first);
    for (String name : TEXTS) {
      for (String piece : ChunkWriter.pieces(message.path(name).asText(""))) {
        out.delta(index, JsonBytes.TREE.createObjectNode().put(name, piece));
      }
    }
    calls(index, message, out);
    ObjectNode last = choice.<ObjectNode>deepCopy();
    last.remove("message");
    out.last(last, besides);
  }

  private static void calls(int choice, JsonNode message, ChunkWriter out) {
    if (message.path("function_call") instanceof ObjectNode call) {
      for (ObjectNode piece : CallPieces.of(call)) {
        out.delta(choice, JsonBytes.TREE.createObjectNode().set("function_call", piece));
      }
    }
    int index = 0;
    for (JsonNode call : message.path("tool_calls")) {
      if (call instanceof ObjectNode whole) {
        for (ObjectNode piece : CallPieces.of(whole)) {
          ObjectNode delta = JsonBytes.TREE.createObjectNode();
          delta.putArray("tool_calls").add(piece.put("index", index));
          out.delta(choice, delta);
        }
      }
      index++;
    }
  }

  private static ObjectNode tree(byte[] completion) {
    try {
      if (JsonBytes.TREE.readTree(completion) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("the completion is not JSON", e);
    }
    throw new IllegalArgumentException("the completion is not a JSON object");
  }
}
