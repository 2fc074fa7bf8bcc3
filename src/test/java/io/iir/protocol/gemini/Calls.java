package io.iir.protocol.gemini;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.protocol.WireCall;
import io.iir.provider.Provider;
import io.iir.provider.Resolved;
import io.iir.testing.Gateway;
import java.net.URI;
import java.security.MessageDigest;
import org.assertj.core.api.Assertions;

/** Calls that the protocol makes of requests. */
final class Calls {

  static final String GEMINI = "https://generativelanguage.googleapis.com/v1beta";
  static final String VERTEX =
      "https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/google";

  private Calls() {}

  static Resolved target(String model, String baseUrl) {
    URI url = URI.create(baseUrl);
    return new Resolved(Provider.openai("google", url), url, model);
  }

  /** The call that a chat with {@code members} besides its model is. */
  static WireCall chat(String model, String members) {
    return chat(model, GEMINI, members);
  }

  static WireCall chat(String model, String baseUrl, String members) {
    String body = "{\"model\":\"g/m\",%s}".formatted(members.strip());
    return new GeminiProtocol()
        .call(ChatRequest.parse(body.getBytes(UTF_8)), target(model, baseUrl));
  }

  /** As {@link #chat}, of one short message and {@code members}. */
  static WireCall hello(String model, String members) {
    return chat(model, "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + members);
  }

  /** The call that a request for embeddings with {@code members} is. */
  static WireCall embeddings(String model, String baseUrl, String members) {
    byte[] body = "{\"model\":\"g/m\",%s}".formatted(members.strip()).getBytes(UTF_8);
    return new GeminiProtocol()
        .call(new PlainRequest(Operation.EMBEDDINGS, body), target(model, baseUrl));
  }

  /** A request of which nothing is known but its body. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record PlainRequest(Operation operation, byte[] body) implements ModelRequest {

    @Override
    public String model() {
      return "g/m";
    }

    @Override
    public int promptTokens() {
      return 42;
    }

    @Override
    public String text() {
      return "";
    }

    @Override
    public int userHash() {
      return 0;
    }

    @Override
    public int size() {
      return body.length;
    }

    @Override
    public byte[] forUpstream(String upstreamModel) {
      return body;
    }

    @Override
    public void digestInto(MessageDigest digest) {
      digest.update(body);
    }
  }

  static JsonNode json(WireCall call) {
    return Gateway.json(new String(call.body(), UTF_8));
  }

  /** The {@code generationConfig} of a short chat with {@code members}. */
  static JsonNode config(String model, String members) {
    return json(hello(model, members)).path("generationConfig");
  }

  /** The contents of a chat with {@code messages}. */
  static JsonNode contents(String model, String messages) {
    return json(chat(model, "\"messages\":" + messages)).path("contents");
  }

  /** The refusal of a chat with {@code members}. */
  static ApiException refusal(String members) {
    return Assertions.catchThrowableOfType(
        ApiException.class, () -> chat("gemini-2.5-flash", members));
  }
}
