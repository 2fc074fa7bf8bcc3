package io.iir.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.protocol.WireCall;
import io.iir.provider.Provider;
import io.iir.provider.Resolved;
import io.iir.testing.Gateway;
import java.net.URI;
import java.util.List;
import java.util.Objects;

/** Calls that the protocol makes of requests. */
final class Calls {

  /** A model that takes all that there has ever been. */
  static final String PLAIN = "claude-sonnet-4-5";

  private static final String HELLO = "[{\"role\":\"user\",\"content\":\"Hello\"}]";

  private Calls() {}

  static Resolved target(String model) {
    URI url = URI.create("https://api.anthropic.com/v1");
    return new Resolved(Provider.openai("anthropic", url), url, model);
  }

  /** The call that a chat of {@code model} with {@code messages} and {@code more} members is. */
  static WireCall call(String model, String messages, String... more) {
    String members = more.length == 0 ? "" : "," + String.join(",", more);
    String body = "{\"model\":\"a/b\",\"messages\":%s%s}".formatted(messages.strip(), members);
    return new AnthropicProtocol().call(ChatRequest.parse(body.getBytes(UTF_8)), target(model));
  }

  /** The body of a call with a short message and {@code more} members. */
  static JsonNode hello(String model, String... more) {
    return body(call(model, HELLO, more));
  }

  /** What that call leaves out. */
  static List<String> dropped(String model, String... more) {
    return call(model, HELLO, more).dropped();
  }

  /** The body of a call, which Anthropic takes. */
  static JsonNode body(WireCall call) {
    JsonNode body = Gateway.json(new String(call.body(), UTF_8));
    assertThat(AnthropicRules.fault(body)).as(body.toString()).isNull();
    return body;
  }

  /** The body of a call with {@code messages}. */
  static JsonNode said(String messages) {
    return body(call(PLAIN, messages));
  }

  /** The field that a call is refused for. */
  static String refused(String model, String messages, String... more) {
    ApiException refusal =
        catchThrowableOfType(ApiException.class, () -> call(model, messages, more));
    assertThat(refusal).isNotNull();
    assertThat(refusal.error().status()).isEqualTo(400);
    assertThat(refusal.error().code()).isEqualTo("invalid_request");
    return Objects.requireNonNull(refusal.error().param());
  }

  /** As above, of a call with a short message. */
  static String refusedHello(String... more) {
    return refused(PLAIN, HELLO, more);
  }

  /** {@code text} as a tree. */
  static JsonNode json(String text) {
    return Gateway.json(text);
  }
}
