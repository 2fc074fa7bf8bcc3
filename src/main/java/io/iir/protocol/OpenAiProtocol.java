package io.iir.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iir.config.Protocol;
import io.iir.openai.ChatRequest;
import io.iir.openai.FieldRules;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.provider.Resolved;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's protocol: the request goes out as it came, its model aside, and so comes the answer.
 * Fields that a vendor is known to refuse are renamed or left out.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference">OpenAI's API reference</a>
 */
public final class OpenAiProtocol implements WireProtocol {

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
    FieldRules rules = target.provider().vendor().fields();
    boolean ruled = request instanceof ChatRequest && !rules.isEmpty();
    return new WireCall(
        path(request.operation(), target),
        ruled
            ? ((ChatRequest) request).forUpstream(target.upstream(), rules)
            : request.forUpstream(target.upstream()),
        request.contentType(),
        Map.of(),
        ruled ? ((ChatRequest) request).leftOut(rules) : List.of(),
        null);
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
