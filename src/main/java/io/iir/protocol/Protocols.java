package io.iir.protocol;

import io.iir.config.Protocol;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.protocol.anthropic.AnthropicProtocol;
import io.iir.provider.Resolved;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** All protocols that providers speak. Immutable. */
public final class Protocols {

  private final Map<Protocol, WireProtocol> all = new EnumMap<>(Protocol.class);

  /** Those in {@code protocols}. */
  public Protocols(List<WireProtocol> protocols) {
    protocols.forEach(each -> all.put(each.protocol(), each));
  }

  /** The protocols themselves. */
  public Collection<WireProtocol> all() {
    return all.values();
  }

  /** What {@code protocol} is on the wire; the simulator is asked in OpenAI's. */
  public WireProtocol of(Protocol protocol) {
    WireProtocol known = all.get(protocol == Protocol.SIM ? Protocol.OPENAI : protocol);
    if (known == null) {
      throw new IllegalStateException("no protocol " + protocol);
    }
    return known;
  }

  /**
   * The call to {@code target} that {@code request} is.
   *
   * @throws ApiException 400 {@code invalid_request}: its protocol cannot carry the request
   */
  public WireCall call(ModelRequest request, Resolved target) {
    WireProtocol protocol = of(target.provider().protocol());
    boolean simulated = target.provider().protocol() == Protocol.SIM;
    if (simulated ? !isSimulated(request.operation()) : !protocol.carries(request.operation())) {
      throw ApiException.invalidRequest(
          "provider '%s' offers nothing for %s: name a model of another one"
              .formatted(target.provider().name(), request.operation().word()),
          "model");
    }
    if (!(request instanceof ChatRequest chat) || goesAsItCame(chat, target)) {
      return protocol.call(request, target);
    }
    refuseWhatIsElsewhere(chat);
    ChatRequest.Original original = chat.original();
    WireCall call = protocol.call(request, target);
    return original == null ? call : call.without(original.leftOut());
  }

  /** Whether {@code target} speaks the API that the client used. */
  private static boolean goesAsItCame(ChatRequest request, Resolved target) {
    ChatRequest.Original original = request.original();
    boolean messages =
        original != null
            && (original.api().equals(AnthropicProtocol.MESSAGES)
                || original.api().equals(AnthropicProtocol.COUNT_TOKENS));
    return messages
        ? target.provider().protocol() == Protocol.ANTHROPIC
        : TextCompletions.carries(request, target);
  }

  /** What the simulator answers. */
  private static boolean isSimulated(Operation operation) {
    return operation == Operation.CHAT || operation == Operation.EMBEDDINGS;
  }

  private static void refuseWhatIsElsewhere(ChatRequest request) {
    ChatRequest.Original original = request.original();
    if (original != null && original.elsewhere() != null) {
      throw original.elsewhere();
    }
  }
}
