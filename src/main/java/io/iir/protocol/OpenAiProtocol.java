package io.iir.protocol;

import io.iir.config.Protocol;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.provider.Resolved;
import java.util.List;
import java.util.Map;

/**
 * OpenAI's protocol: the request goes out as it came, its model aside, and so comes the answer.
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
    return new WireCall(
        request.operation().path(),
        request.forUpstream(target.upstream()),
        request.contentType(),
        Map.of(),
        List.of(),
        null);
  }
}
