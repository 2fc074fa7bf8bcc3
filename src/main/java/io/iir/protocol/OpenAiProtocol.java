package io.iir.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iir.config.Protocol;
import io.iir.openai.ChatRequest;
import io.iir.openai.FieldRules;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.provider.Resolved;
import io.iir.provider.Vendor;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * OpenAI's protocol: the request goes out as it came, its model aside, and so comes the answer.
 * Fields that a vendor is known to refuse are renamed or left out.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference">OpenAI's API reference</a>
 */
public final class OpenAiProtocol implements WireProtocol {

  /** It understands the extensions that translators tell each other. */
  private static final String EXTENDED = "openrouter";

  /** Whose models may refuse {@code max_tokens}, which all others know. */
  private static final Set<String> NEWER = Set.of("openai", "azure");

  private static final FieldRules NEWER_LIMIT =
      FieldRules.NONE.rename("max_tokens", "max_completion_tokens");

  @Override
  public Protocol protocol() {
    return Protocol.OPENAI;
  }

  @Override
  public boolean carries(Operation operation) {
    return true;
  }

  @Override
  public Map<String, Handling> fields() {
    return Map.of();
  }

  @Override
  public WireCall call(ModelRequest request, Resolved target) {
    return request instanceof ChatRequest chat
        ? chat(chat, target)
        : call(request, target, request.forUpstream(target.upstream()), List.of());
  }

  private static WireCall chat(ChatRequest request, Resolved target) {
    if (TextCompletions.carries(request, target)) {
      return TextCompletions.call(request, target);
    }
    Vendor vendor = target.provider().vendor();
    boolean translated = request.original() != null;
    FieldRules rules =
        (translated || request.limit() > 0) && NEWER.contains(vendor.name())
            ? NEWER_LIMIT
            : vendor.fields();
    ChatRequest.Original original = request.original();
    if (original != null && original.effortGuessed() && !Reasoners.include(target.upstream())) {
      rules = rules.drop("reasoning_effort");
    }
    ChatRequest.Strict strict =
        vendor.name().equals(EXTENDED)
            ? new ChatRequest.Strict(request, List.of())
            : request.strict();
    ChatRequest sent = strict.request();
    return rules.isEmpty()
        ? call(sent, target, sent.forUpstream(target.upstream()), strict.leftOut())
        : call(sent, target, sent.forUpstream(target.upstream(), rules), sent.leftOut(rules))
            .without(strict.leftOut());
  }

  private static WireCall call(
      ModelRequest request, Resolved target, byte[] body, List<String> dropped) {
    return new WireCall(
        path(request.operation(), target), body, request.contentType(), Map.of(), dropped, null);
  }

  /**
   * Behind the base URL; Azure OpenAI's older addresses name the deployment and the version.
   *
   * @see <a href="https://learn.microsoft.com/azure/ai-foundry/openai/reference">Azure OpenAI REST
   *     API reference</a>
   */
  private static String path(Operation operation, Resolved target) {
    String version = target.provider().access().apiVersion();
    if (version.isEmpty()) {
      return operation.path();
    }
    String query = "?api-version=" + URLEncoder.encode(version, UTF_8);
    if (target.baseUrl().getRawPath().endsWith("/v1")) {
      return operation.path() + query;
    }
    String deployment = URLEncoder.encode(target.upstream(), UTF_8).replace("+", "%20");
    return "/deployments/" + deployment + operation.path() + query;
  }
}
