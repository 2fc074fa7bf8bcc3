package io.iir.protocol;

import io.iir.config.Protocol;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.provider.Resolved;
import java.util.Map;

/** How one protocol puts a request on the wire. One instance a protocol, thread-safe. */
public interface WireProtocol {

  /** Which protocol it is. */
  Protocol protocol();

  /** Whether the protocol has an endpoint for {@code operation}. */
  boolean carries(Operation operation);

  /**
   * What becomes of each field of a chat request that OpenAI documents, by its path: {@code
   * logit_bias}, {@code messages[].content[].input_audio} … Held against {@code docs/API.md} by a
   * test. A field that is not in here is carried where the protocol has one of that name, else
   * dropped.
   */
  Map<String, Handling> fields();

  /**
   * The call that {@code request} is in this protocol.
   *
   * @param target whom it goes to, and the model's name there
   * @throws io.iir.openai.ApiException 400 {@code invalid_request} with the field as {@code param},
   *     if the protocol cannot carry what the request says there
   */
  WireCall call(ModelRequest request, Resolved target);
}
