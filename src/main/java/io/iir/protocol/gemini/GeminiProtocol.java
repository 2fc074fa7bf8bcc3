package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.backend.AnswerTranslator;
import io.iir.config.Protocol;
import io.iir.openai.ApiException;
import io.iir.openai.JsonBytes;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.protocol.Handling;
import io.iir.protocol.WireCall;
import io.iir.protocol.WireProtocol;
import io.iir.provider.Resolved;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Google's own protocol: chats by {@code generateContent}, vectors by {@code batchEmbedContents}.
 * The base URL is the Gemini API's, {@code https://generativelanguage.googleapis.com/v1beta}, or
 * one of Vertex AI's that ends in {@code /publishers/google}.
 *
 * @see <a href="https://ai.google.dev/api">The Gemini API's reference</a>
 * @see <a href="https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference">
 *     Vertex AI's</a>
 */
public final class GeminiProtocol implements WireProtocol {

  @Override
  public Protocol protocol() {
    return Protocol.GEMINI;
  }

  @Override
  public boolean carries(Operation operation) {
    return operation == Operation.CHAT || operation == Operation.EMBEDDINGS;
  }

  @Override
  public Map<String, Handling> fields() {
    return GeminiFields.TABLE;
  }

  @Override
  public WireCall call(ModelRequest request, Resolved target) {
    GeminiModel model = GeminiModel.of(target.upstream(), target.baseUrl());
    JsonNode asked = tree(request.forUpstream(target.upstream()));
    Set<String> dropped = new LinkedHashSet<>();
    return switch (request.operation()) {
      case CHAT -> {
        ObjectNode body = ChatBody.of(asked, model, dropped);
        String method = request.stream() ? "streamGenerateContent" : "generateContent";
        String path = model.path(method) + (request.stream() ? "?alt=sse" : "");
        yield wire(path, body, dropped, new GeminiTranslator(model.name()));
      }
      case EMBEDDINGS -> {
        ObjectNode body = EmbeddingsBody.of(asked, model, dropped);
        boolean base64 = EmbeddingsBody.wantsBase64(asked);
        String path = model.path(model.vertex() ? "predict" : "batchEmbedContents");
        yield wire(
            path,
            body,
            dropped,
            new EmbeddingsTranslator(model.name(), request.promptTokens(), base64));
      }
      default ->
          throw ApiException.invalidRequest(
              "Gemini has no endpoint for %s.".formatted(request.operation().word()), null);
    };
  }

  private static WireCall wire(
      String path, ObjectNode body, Set<String> dropped, AnswerTranslator translator) {
    return new WireCall(
        path,
        JsonBytes.write(body),
        "application/json",
        Map.of(),
        List.copyOf(dropped),
        translator);
  }

  private static JsonNode tree(byte[] body) {
    try {
      return JsonBytes.TREE.readTree(body);
    } catch (IOException e) {
      throw ApiException.invalidJson("The body is not JSON: " + e.getMessage());
    }
  }
}
