package io.iir.flow.engine;

import io.iir.backend.Tally;
import io.iir.flow.AnswerHeaders;
import io.iir.flow.ErrorMapper;
import io.iir.flow.RequestIds;
import io.iir.flow.Stopping;
import io.iir.flow.Variables;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.transport.AnswerStream;
import io.iir.transport.ClientLink;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * One request and its answer: gathers the body, runs the route that answers, writes what the route
 * left behind. To reactor-netty it is the publisher of the answer's end, which is cancelled when
 * the client leaves; to the request's body it is the subscriber.
 *
 * <p>Everything runs on the event loop of the client's connection, but for routes that hop off it:
 * their end hops back.
 *
 * <p>Longer than 300 lines because request, route and answer each may end the others, by the same
 * few fields.
 */
final class ServerCall extends Mono<Void> implements CoreSubscriber<Object>, Subscription {

  private static final byte[] NO_BODY = new byte[0];

  /** Answers of these say nothing of a length: it would be another answer's. */
  private static final Set<HttpResponseStatus> HAVE_NO_BODY =
      Set.of(HttpResponseStatus.NO_CONTENT, HttpResponseStatus.NOT_MODIFIED);

  private static final String CONNECTION = HttpHeaderNames.CONNECTION.toString();

  /** Its neighbours in {@link OpenCalls}, which alone sets them. */
  @Nullable ServerCall previous;

  @Nullable ServerCall next;

  private final GatewayServer server;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Channel channel;
  private final RequestGuard guard;
  private final ClientLink link;
  private @Nullable CoreSubscriber<? super Void> client;
  private @Nullable RequestBody body;
  private RouteTable.Match.@Nullable Found route;
  private @Nullable Subscription receiving;
  private @Nullable Subscription sending;
  private @Nullable Exchange running;
  private @Nullable AnswerStream stream;
  private boolean received;
  private boolean began;
  private long held;
  private boolean over;

  ServerCall(GatewayServer server, HttpServerRequest request, HttpServerResponse response) {
    this.server = server;
    this.request = request;
    this.response = response;
    Channel[] holder = new Channel[1];
    request.withConnection(connection -> holder[0] = connection.channel());
    this.channel = holder[0];
    this.guard = server.guard(channel);
    this.link = new ClientLink(channel.eventLoop());
  }

  // ---- the request

  @Override
  public void subscribe(CoreSubscriber<? super Void> actual) {
    client = actual;
    actual.onSubscribe(this);
    RouteTable.Match.Found found;
    try {
      found = server.admit(request);
    } catch (ApiException e) {
      server.refused(e.error());
      answer(e.error(), e.headers());
      return;
    }
    route = found;
    server.began();
    guard.open().add(this);
    began = true;
    if (!server.wantsBody(found, request)) {
      received = true;
      run();
      return;
    }
    body = new RequestBody(request.requestHeaders(), server.settings().maxBody());
    request.receiveObject().subscribe(this);
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    receiving = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(Object part) {
    RequestBody gathering = body;
    if (received || gathering == null || !(part instanceof ByteBufHolder bytes)) {
      return;
    }
    int length = bytes.content().readableBytes();
    if (!server.hold(length)) {
      refuse(RequestPolicy.tooManyBodies());
      return;
    }
    held += length;
    if (!gathering.add(bytes.content())) {
      refuse(RequestPolicy.tooLarge(server.settings().maxBody()));
    }
  }

  @Override
  public void onError(Throwable failure) {
    if (received) {
      return;
    }
    if (failure instanceof DecoderException) {
      refuse(
          ApiError.invalid(
              400,
              "invalid_request",
              "the body is not valid gzip or deflate, as its Content-Encoding says; compress it"
                  + " anew, or send it as it is",
              null));
    } else {
      cancel();
    }
  }

  /** Comes twice if the answer ends while it runs: reactor-netty disposes the body it has read. */
  @Override
  public void onComplete() {
    if (!received) {
      received = true;
      run();
    }
  }

  private void refuse(ApiError error) {
    received = true;
    if (receiving != null) {
      receiving.cancel();
    }
    if (body != null) {
      body.close();
    }
    server.refused(error);
    answer(
        error,
        error.status() == 503
            ? Map.of(CONNECTION, "close", "Retry-After", "1")
            : Map.of(CONNECTION, "close"));
  }

  // ---- the route

  private void run() {
    RouteTable.Match.Found found = route;
    RequestBody gathered = body;
    if (found == null || over) {
      return;
    }
    NettyHttpConsumer consumer = found.consumer();
    Exchange exchange = consumer.createExchange(false);
    exchange.setPattern(ExchangePattern.InOnly);
    fill(exchange.getMessage(), found.parameters());
    exchange.getMessage().setBody(gathered == null ? NO_BODY : gathered.take());
    Variables.CLIENT_LINK.set(exchange, link);
    running = exchange;
    try {
      consumer.createUoW(exchange);
    } catch (Exception e) {
      exchange.setException(e);
      routed(exchange);
      return;
    }
    consumer.getAsyncProcessor().process(exchange, sync -> hopBack(exchange));
  }

  private void fill(Message message, Map<String, String> parameters) {
    RequestHeaders.copy(request.requestHeaders(), message, server.settings().headers());
    parameters.forEach(message::setHeader);
    String uri = request.uri();
    int query = uri.indexOf('?');
    message.setHeader(Exchange.HTTP_METHOD, request.method().name());
    message.setHeader(Exchange.HTTP_PATH, query < 0 ? uri : uri.substring(0, query));
    if (query >= 0) {
      message.setHeader(Exchange.HTTP_QUERY, uri.substring(query + 1));
    }
  }

  private void hopBack(Exchange exchange) {
    if (link.loop().inEventLoop()) {
      routed(exchange);
    } else {
      link.loop().execute(() -> routed(exchange));
    }
  }

  private void routed(Exchange exchange) {
    Message message = exchange.getMessage();
    Object result = message.getBody();
    if (over) {
      if (result instanceof AnswerStream unattended && !link.left()) {
        unattended.unattended(() -> finish(null));
        return;
      }
      if (result instanceof AnswerStream unwanted) {
        unwanted.cancel();
      }
      finish(link.left() ? new ClientLeftException() : null);
    } else if (link.stopped() && result instanceof AnswerStream late) {
      late.cancel();
      ApiException refusal = Stopping.refusal();
      answer(refusal.error(), refusal.headers());
    } else if (exchange.getException() != null || !headWritten(exchange)) {
      ApiException refusal = ErrorMapper.map(exchange.getException());
      answer(refusal.error(), refusal.headers());
    } else {
      if (result instanceof AnswerStream answer) {
        stream = answer;
        answer.writableWhile(channel::isWritable);
        if (link.isWantedAnyway()) {
          answer.wantAnyway();
        }
        guard.streaming(answer);
        server.streams(exchange);
        send(response.send(answer, chunk -> true));
      } else {
        byte[] bytes = message.getBody(byte[].class);
        sendWhole(bytes == null ? new byte[0] : bytes);
      }
    }
  }

  // ---- the answer

  /** False, with the exception set, if HTTP does not allow a header, such as one of two lines. */
  private boolean headWritten(Exchange exchange) {
    try {
      writeHead(exchange);
      return true;
    } catch (IllegalArgumentException e) {
      if (exchange.getMessage().getBody() instanceof AnswerStream stream) {
        stream.cancel();
      }
      exchange.setException(e);
      return false;
    }
  }

  private void writeHead(Exchange exchange) {
    Integer status = exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    if (status != null) {
      response.status(status);
    }
    HttpHeaders headers = response.responseHeaders();
    // A refusal brings some of the headers that every answer has; adding is cheaper than setting.
    AnswerHeaders.write(
        exchange, Variables.ERROR.find(exchange) == null ? headers::add : headers::set);
  }

  private void answer(ApiError error, Map<String, String> headers) {
    response.status(error.status());
    headers.forEach((name, value) -> response.responseHeaders().set(name, value));
    response
        .responseHeaders()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .set(RequestIds.HEADER, RequestIds.accept(request.requestHeaders().get(RequestIds.HEADER)))
        .set("x-iir-error-source", error.source().headerValue());
    sendWhole(error.toJson());
  }

  private void sendWhole(byte[] bytes) {
    end(null); // before the answer: with it in hand, the client may ask again under the same limits
    boolean none = HAVE_NO_BODY.contains(response.status());
    if (!none) {
      response.responseHeaders().set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
    }
    send(
        none || "HEAD".equals(request.method().name())
            ? response.then()
            : response.sendObject(Unpooled.wrappedBuffer(bytes)));
  }

  private void send(Publisher<Void> answer) {
    if (guard.closesBehindAnswer() || server.refuses()) {
      response.responseHeaders().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    answer.subscribe(
        new CoreSubscriber<>() {
          @Override
          public void onSubscribe(Subscription subscription) {
            sending = subscription;
            subscription.request(Long.MAX_VALUE);
          }

          @Override
          public void onNext(Void nothing) {}

          @Override
          public void onError(Throwable failure) {
            sent(failure);
            if (stream != null && stream.wasCut()) {
              closeConnection(failure);
            } else if (client != null) {
              client.onError(failure);
            }
          }

          @Override
          public void onComplete() {
            sent(null);
            if (client != null) {
              client.onComplete();
            }
          }
        });
  }

  /** Ends the connection behind what is written: its end is how the client sees the cut. */
  private void closeConnection(Throwable failure) {
    channel
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(ChannelFutureListener.CLOSE)
        .channel()
        .closeFuture()
        .addListener(closed -> {
          if (client != null) {
            client.onError(failure);
          }
        });
  }

  /**
   * The answer is out, or will never be: what breaks it off is the end of the client's connection,
   * which reactor-netty reports of a stream as if that had ended well.
   */
  private void sent(@Nullable Throwable failure) {
    boolean cut = stream != null && !stream.delivered();
    if (stream != null && stream.wasCut()) {
      finish(null); // by its source: the client is still there, and sees it by its connection's end
    } else if (cut || failure != null) {
      link.leave();
      if (stream != null && !link.left()) {
        over = true;
        stream.unattended(() -> finish(null));
      } else {
        finish(new ClientLeftException());
      }
    } else {
      finish(null);
    }
  }

  /** Nothing more is to be done for this request. */
  private void finish(@Nullable Throwable failure) {
    over = true;
    guard.streaming(null);
    end(failure);
    if (began) {
      began = false;
      guard.open().remove(this);
      if (channel.isWritable()) {
        server.ended(held);
      } else {
        // reactor-netty is done when a whole answer is written, which may be before it is taken.
        guard.whenTaken(() -> server.ended(held));
      }
    }
  }

  /** Ends the exchange: it is counted, what it had reserved is settled. */
  private void end(@Nullable Throwable failure) {
    Exchange exchange = running;
    RouteTable.Match.Found found = route;
    running = null;
    if (exchange != null && found != null) {
      link.abortNow(); // a stream that a later step has replaced
      if (failure != null && exchange.getException() == null) {
        exchange.setException(failure);
      }
      server.done(exchange, found.consumer());
    }
  }

  // ---- the gateway

  /**
   * The gateway has no more time for the answer: a stream that has begun ends with an event that
   * says so, or is cut off where it has no events; what has not begun is refused. An answer that is
   * whole, and only waits for its client, stays as it is.
   */
  void stop() {
    Exchange exchange = running;
    AnswerStream begun = stream;
    if (exchange == null) {
      if (!received && !over) {
        ApiException refusal = Stopping.refusal();
        refuse(refusal.error());
      }
    } else if (begun == null) {
      link.stop();
    } else if (!begun.hasEnded()) {
      Tally tally = Variables.TALLY.find(exchange);
      if (tally != null) {
        tally.failed(Stopping.CODE);
      }
      String type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class);
      begun.breakOff(type.startsWith("text/event-stream") ? Stopping.lastEvent() : null);
    }
  }

  // ---- the client

  @Override
  public void request(long n) {}

  /**
   * The client has left, or reactor-netty is done with this call. Where the answer is wanted
   * anyway, the exchange goes on, and ends with the answer.
   */
  @Override
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    received = true;
    if (body != null) {
      body.close();
    }
    Subscription answering = sending;
    link.leave();
    boolean goesOn = running != null && !link.left();
    if (goesOn && stream != null) {
      stream.unattended(() -> finish(null));
    }
    if (answering != null) {
      answering.cancel();
    }
    if (!goesOn && (answering != null || running == null)) {
      finish(new ClientLeftException());
    }
  }
}
