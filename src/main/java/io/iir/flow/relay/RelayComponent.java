package io.iir.flow.relay;

import io.iir.backend.UpstreamClient;
import io.iir.transport.EventLoops;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/**
 * The component {@code relay:name}: an HTTP call as the variable {@code relayCall} says, made on
 * the event loop of the client's connection. What it leaves behind is a whole body ({@code byte[]})
 * or, where the provider streams, an {@link io.iir.transport.AnswerStream} that goes on after the
 * route has ended; status and headers are those of the provider.
 */
public final class RelayComponent extends DefaultComponent {

  private final UpstreamClient client;
  private final EventLoops loops;

  /** A component that calls by {@code client}. */
  public RelayComponent(UpstreamClient client, EventLoops loops) {
    this.client = client;
    this.loops = loops;
  }

  @Override
  protected Endpoint createEndpoint(String uri, String name, Map<String, Object> parameters) {
    return new RelayEndpoint(uri, this);
  }

  UpstreamClient client() {
    return client;
  }

  EventLoops loops() {
    return loops;
  }
}
