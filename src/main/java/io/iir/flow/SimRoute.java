package io.iir.flow;

import io.iir.backend.EventTap;
import io.iir.backend.Simulator;
import io.iir.flow.relay.RelayAnswer;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.transport.ClientLink;
import io.iir.transport.EventLoops;
import io.netty.channel.EventLoop;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.AsyncProcessorSupport;
import org.springframework.stereotype.Component;

/** The route {@code sim}: what backend-call asks instead of an HTTP server for {@code sim/…}. */
@Component
public final class SimRoute extends RouteBuilder {

  private final Simulator simulator = new Simulator();
  private final EventLoops loops;

  /** A route that streams on {@code loops}. */
  public SimRoute(EventLoops loops) {
    this.loops = loops;
  }

  @Override
  public void configure() {
    from("direct:sim")
        .routeId("sim")
        .description("Answer as a model would, without one")
        .errorHandler(noErrorHandler())
        .process(new Speaker())
        .id("sim.speak");
  }

  private final class Speaker extends AsyncProcessorSupport {

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
      ModelRequest request = Variables.REQUEST.get(exchange);
      ClientLink link = Variables.CLIENT_LINK.find(exchange);
      EventLoop loop = link == null ? loops.any() : link.loop();
      RelayAnswer answer = new RelayAnswer(exchange, callback, loop);
      EventTap tap = Variables.RELAY_CALL.get(exchange).tap();
      tap.sent();
      if (request.operation() == Operation.EMBEDDINGS) {
        byte[] body = exchange.getMessage().getBody(byte[].class);
        loop.execute(() -> simulator.embed(body, request.promptTokens(), answer));
        return false;
      }
      Simulator.Prompt prompt =
          new Simulator.Prompt(
              Variables.ATTEMPTS.get(exchange).current().resolved().upstream(),
              request.text(),
              request.promptTokens(),
              request.maxTokens(),
              request.stream());
      loop.execute(() -> simulator.answer(prompt, loop, tap, answer));
      return false;
    }
  }
}
