package io.iir.flow.relay;

import io.iir.backend.UpstreamException;
import io.iir.backend.UpstreamListener;
import io.iir.flow.Variables;
import io.iir.transport.AnswerStream;
import io.iir.transport.ClientLink;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/** Puts what a provider answered, or why it did not, into the exchange and lets its route go on. */
public final class RelayAnswer implements UpstreamListener {

  private final Exchange exchange;
  private final AsyncCallback callback;
  private final EventLoop loop;

  /** For an exchange whose {@code callback} may be called on {@code loop}, but not at once. */
  public RelayAnswer(Exchange exchange, AsyncCallback callback, EventLoop loop) {
    this.exchange = exchange;
    this.callback = callback;
    this.loop = loop;
  }

  @Override
  public void answered(int status, HttpHeaders headers, byte[] body) {
    Message message = fill(status, headers.get(HttpHeaderNames.CONTENT_TYPE));
    String retryAfter = headers.get(HttpHeaderNames.RETRY_AFTER);
    if (retryAfter != null) {
      message.setHeader("Retry-After", retryAfter);
    }
    message.setBody(body);
    callback.done(false);
  }

  @Override
  public void streaming(HttpHeaders headers, AnswerStream stream) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    boolean asItIs = type != null && Variables.RELAY_CALL.get(exchange).tap().passes(type);
    fill(200, asItIs ? type : "text/event-stream").setBody(stream);
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    if (link != null) {
      link.onLeave(stream::cancel);
    }
    callback.done(false);
  }

  @Override
  public void waiting() {
    Variables.ATTEMPTS.get(exchange).waiting();
  }

  @Override
  public void eventCame() {
    Variables.ATTEMPTS.get(exchange).eventCame();
  }

  @Override
  public void failed(UpstreamException failure) {
    Variables.CALL_FAILURE.set(exchange, failure);
    // The call may fail before process() has returned, which promised to go on later.
    loop.execute(() -> callback.done(false));
  }

  private Message fill(int status, @Nullable String contentType) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    if (contentType != null) {
      message.setHeader(Exchange.CONTENT_TYPE, contentType);
    }
    return message;
  }
}
