package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Anthropic's Messages API, {@code POST {base}/messages}. What a client of that API sent goes out
 * as it came, its model aside, and the answer goes back with the chunks: nothing is lost between
 * like and like. Stateless.
 */
public final class AnthropicProtocol implements WireProtocol {

  /** The name of the client API whose requests need no translation. */
  public static final String MESSAGES = "messages";

  /** A client of that API names its betas itself, in a header that is passed on. */
  private static final List<String> THE_CLIENTS = List.of();

  /** The name of the part of it that counts tokens. */
  public static final String COUNT_TOKENS = "count-tokens";

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
      return call(body, THE_CLIENTS, List.of(), AnthropicTranslator.verbatim());
    }
    MessagesRequest.Translated translated =
        MessagesRequest.of((ObjectNode) tree(chat.body()), chat, target.upstream());
    return call(
        JsonBytes.write(translated.body()),
        MessagesRequest.betas(translated.body()),
        translated.dropped(),
        AnthropicTranslator.plain());
  }

  private static WireCall count(ChatRequest.Original original, Resolved target) {
    byte[] body = OriginalBody.withModel(original.body(), target.upstream());
    return new WireCall(
        "/messages/count_tokens",
        body,
        "application/json",
        headers(THE_CLIENTS),
        List.of(),
        new CountTranslator());
  }

  private static WireCall call(
      byte[] body, Collection<String> betas, List<String> dropped, AnthropicTranslator translator) {
    return new WireCall("/messages", body, "application/json", headers(betas), dropped, translator);
  }

  private static Map<String, String> headers(Collection<String> betas) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("anthropic-version", VERSION);
    if (!betas.isEmpty()) {
      headers.put("anthropic-beta", String.join(",", betas));
    }
    return headers;
  }

  private static JsonNode tree(byte[] body) {
    try {
      return JsonBytes.TREE.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it has been read before
    }
  }
}
