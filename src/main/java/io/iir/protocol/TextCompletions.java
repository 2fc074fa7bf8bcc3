package io.iir.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.Protocol;
import io.iir.openai.ChatRequest;
import io.iir.openai.ChatRequest.Original;
import io.iir.openai.JsonBytes;
import io.iir.provider.Resolved;
import io.iir.provider.Vendor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Prompts that a server continues as they are, by OpenAI's legacy {@code /completions}: what base
 * models are for. What the client sent goes out, its model aside, and its answer comes back
 * unchanged. Servers that operators run have it; of the vendors few, and OpenAI for its oldest
 * models alone.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/completions">OpenAI's reference</a>
 */
final class TextCompletions {

  /** What the client's API is called. */
  private static final String API = "completions";

  private static final Set<String> VENDORS = Set.of("fireworks", "openrouter", "together");
  private static final Set<String> OPENAI_MODELS =
      Set.of("gpt-3.5-turbo-instruct", "babbage-002", "davinci-002");

  private TextCompletions() {}

  /** Whether {@code target} gets {@code request} as the client sent it. */
  static boolean carries(ChatRequest request, Resolved target) {
    Original original = request.original();
    return original != null && original.api().equals(API) && offeredBy(target);
  }

  /** The call that {@code request} is. */
  static WireCall call(ChatRequest request, Resolved target) {
    Original original = request.original();
    ObjectNode body = JsonBytes.object(original == null ? request.body() : original.body());
    body.put("model", target.upstream());
    if (request.limit() > 0) {
      body.put("max_tokens", request.limit());
    }
    if (request.stream()) {
      if (!(body.get("stream_options") instanceof ObjectNode)) {
        body.remove("stream_options");
      }
      body.withObjectProperty("stream_options").put("include_usage", true);
    }
    return new WireCall(
        "/completions", JsonBytes.write(body), request.contentType(), Map.of(), List.of(), null);
  }

  private static boolean offeredBy(Resolved target) {
    if (target.provider().protocol() != Protocol.OPENAI) {
      return false;
    }
    Vendor vendor = target.provider().vendor();
    return vendor.equals(Vendor.UNKNOWN)
        || vendor.place() == Vendor.Place.MACHINE
        || VENDORS.contains(vendor.name())
        || (vendor.name().equals("openai") && OPENAI_MODELS.contains(target.upstream()));
  }
}
