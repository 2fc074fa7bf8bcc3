package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.Protocol;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.protocol.Handling;
import io.iir.protocol.WireCall;
import io.iir.protocol.WireProtocol;
import io.iir.provider.Resolved;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * AWS Bedrock's Converse API: one form for all models that chat there.
 *
 * @see <a href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">
 *     Converse</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html">
 *     ConverseStream</a>
 */
public final class BedrockProtocol implements WireProtocol {

  private static final Map<String, String> WHOLE = Map.of("accept", "application/json");
  private static final Map<String, String> STREAM =
      Map.of("accept", "application/vnd.amazon.eventstream");

  @Override
  public Protocol protocol() {
    return Protocol.BEDROCK;
  }

  @Override
  public boolean carries(Operation operation) {
    return operation == Operation.CHAT;
  }

  @Override
  public Map<String, Handling> fields() {
    return BedrockFields.TABLE;
  }

  @Override
  public WireCall call(ModelRequest request, Resolved target) {
    JsonNode chat;
    try {
      chat = Trees.read(request.forUpstream(target.upstream()));
    } catch (IOException e) {
      throw ApiException.invalidJson("The body is not JSON: " + e.getMessage());
    }
    Set<String> dropped = new LinkedHashSet<>();
    BedrockModel model = new BedrockModel(target.upstream());
    ObjectNode body = new ConverseBody(model, dropped).of(chat);
    return new WireCall(
        path(target.upstream(), request.stream()),
        Trees.bytes(body),
        "application/json",
        request.stream() ? STREAM : WHOLE,
        List.copyOf(dropped),
        new BedrockTranslator(target.upstream()));
  }

  /** An id may hold colons, an ARN slashes too: they are encoded, as signatures want it. */
  private static String path(String model, boolean stream) {
    String id =
        URLEncoder.encode(model, StandardCharsets.UTF_8)
            .replace("+", "%20")
            .replace("*", "%2A")
            .replace("%7E", "~");
    return "/model/" + id + (stream ? "/converse-stream" : "/converse");
  }
}
