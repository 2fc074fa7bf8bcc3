package io.iir.flow.relay;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** The endpoint of {@link RelayComponent}: to be called, not consumed from. */
final class RelayEndpoint extends DefaultEndpoint {

  private final RelayComponent component;

  RelayEndpoint(String uri, RelayComponent component) {
    super(uri, component);
    this.component = component;
  }

  @Override
  public Producer createProducer() {
    return new RelayProducer(this, component);
  }

  @Override
  public Consumer createConsumer(Processor processor) {
    throw new IllegalArgumentException("relay: calls providers; a route cannot begin with it");
  }
}
