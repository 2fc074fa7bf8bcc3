package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.backend.AnswerTranslator;
import io.iir.config.Protocol;
import io.iir.openai.ChatRequest;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.protocol.Handling;
import io.iir.protocol.WireCall;
import io.iir.protocol.WireProtocol;
import io.iir.provider.Resolved;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * Anthropic's Messages API, {@code POST {base}/messages}. What a client of that API sent goes out
 * as it came, its model aside, and the answer goes back with the chunks: nothing is lost between
 * like and like. Beta features are the client's to name in {@code anthropic-beta}, which is passed
 * on. Stateless.
 */
public final class AnthropicProtocol implements WireProtocol {

  /** The name of the client API whose requests need no translation. */
  public static final String MESSAGES = "messages";

  /** The name of the part of it that counts tokens. */
  public static final String COUNT_TOKENS = "count-tokens";

  /** What is translated is in the form of this version, the last one with a temperature. */
  private static final String VERSION = "2023-06-01";

  @Override
  public Protocol protocol() {
    return Protocol.ANTHROPIC;
  }

  @Override
  public boolean carries(Operation operation) {
    return operation == Operation.CHAT;
  }

  @Override
  public Map<String, Handling> fields() {
    return FieldTable.FIELDS;
  }

  @Override
  public WireCall call(ModelRequest request, Resolved target) {
    if (!(request instanceof ChatRequest chat)) {
      throw new IllegalArgumentException("Anthropic has no " + request.operation().word());
    }
    ChatRequest.Original original = chat.original();
    if (original != null && original.api().equals(COUNT_TOKENS)) {
      return count(original, target);
    }
    if (original != null && original.api().equals(MESSAGES)) {
      byte[] body = OriginalBody.withModel(original.body(), target.upstream());
      return call(body, List.of(), AnthropicTranslator.verbatim());
    }
    MessagesRequest.Translated translated =
        MessagesRequest.of((ObjectNode) tree(chat.body()), chat, target.upstream());
    return call(
        JsonBytes.write(translated.body()), translated.dropped(), AnthropicTranslator.plain());
  }

  private static WireCall count(ChatRequest.Original original, Resolved target) {
    byte[] body = OriginalBody.withModel(original.body(), target.upstream());
    return call("/messages/count_tokens", body, List.of(), new CountTranslator());
  }

  private static WireCall call(byte[] body, List<String> dropped, AnthropicTranslator translator) {
    return call("/messages", body, dropped, translator);
  }

  private static WireCall call(
      String path, byte[] body, List<String> dropped, AnswerTranslator translator) {
    Map<String, String> headers = Map.of("anthropic-version", VERSION);
    return new WireCall(path, body, "application/json", headers, dropped, translator);
  }

  private static JsonNode tree(byte[] body) {
    try {
      return JsonBytes.TREE.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it has been read before
    }
  }
}
