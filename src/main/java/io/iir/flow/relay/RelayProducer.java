package io.iir.flow.relay;

import io.iir.backend.UpstreamCall;
import io.iir.backend.UpstreamException;
import io.iir.flow.Variables;
import io.iir.transport.ClientLink;
import io.netty.channel.EventLoop;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Makes the call of {@code relay:}, and aborts it if the client leaves. */
final class RelayProducer extends DefaultAsyncProducer {

  private final RelayComponent component;

  RelayProducer(Endpoint endpoint, RelayComponent component) {
    super(endpoint);
    this.component = component;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    RelayCall call = Variables.RELAY_CALL.get(exchange);
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    EventLoop loop = link == null ? component.loops().any() : link.loop();
    byte[] body = exchange.getMessage().getBody(byte[].class);
    RelayAnswer answer = new RelayAnswer(exchange, callback, loop);
    if (link == null) {
      component
          .client()
          .call(call.request(body), call.bounds(), loop, call.tap(), call.opening(), answer);
      return false;
    }
    Hedge hedge = Variables.HEDGE.find(exchange);
    if (loop.inEventLoop()) {
      start(call, body, hedge, link, answer);
    } else {
      loop.execute(() -> start(call, body, hedge, link, answer));
    }
    return false;
  }

  private void start(
      RelayCall call, byte[] body, @Nullable Hedge hedge, ClientLink link, RelayAnswer answer) {
    if (link.left()) {
      answer.failed(new UpstreamException(UpstreamException.Kind.CLIENT_LEFT, "the client left"));
      return;
    }
    try {
      if (hedge != null) {
        HedgedCall hedged = new HedgedCall(hedge, component.client(), link.loop(), answer);
        link.onLeave(hedged::cancel);
        hedged.start(call, body);
        return;
      }
      UpstreamCall running =
          component
              .client()
              .call(
                  call.request(body),
                  call.bounds(),
                  link.loop(),
                  call.tap(),
                  call.opening(),
                  answer);
      link.onLeave(running::cancel);
    } catch (RuntimeException e) {
      answer.failed(
          new UpstreamException(UpstreamException.Kind.UNREACHABLE, "no call could be made: " + e));
    }
  }
}
