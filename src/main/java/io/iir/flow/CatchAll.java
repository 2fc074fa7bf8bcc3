package io.iir.flow;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.processor.DefaultProcessorFactory;
import org.apache.camel.reifier.ProcessorReifier;
import org.apache.camel.support.processor.DelegateSyncProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Makes nodes that fail their exchange whatever they throw. Camel's own let an {@link Error} pass,
 * such as that of a recursion too deep: the exchange would never end on a thread of its own, and go
 * on with the next node on an event loop. Stateless.
 */
final class CatchAll extends DefaultProcessorFactory {

  @Override
  public @Nullable Processor createProcessor(Route route, NamedNode definition) throws Exception {
    Processor node =
        definition instanceof ProcessDefinition process
            ? ProcessorReifier.reifier(route, process).createProcessor()
            : super.createProcessor(route, definition);
    return node instanceof DelegateSyncProcessor plain ? new Node(plain.getProcessor()) : node;
  }

  private static final class Node extends DelegateSyncProcessor {

    Node(Processor processor) {
      super(processor);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      try {
        processor.process(exchange);
      } catch (Throwable e) {
        exchange.setException(e);
      }
      callback.done(true);
      return true;
    }
  }
}
