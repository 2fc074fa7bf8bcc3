package io.iir.flow.engine;

import io.iir.flow.RequestIds;
import io.iir.openai.ApiError;
import io.iir.transport.AnswerStream;
import io.iir.transport.Deadlines;
import io.iir.transport.FlushTogether;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the HTTP codec of a client's connection and refuses, in OpenAI's error form, what
 * must not reach the server: requests that are not HTTP, too large, too slow, or too many at once.
 * After a refusal the connection is closed, but only when the client has had time to read why.
 *
 * <p>Longer than 300 lines because reading, answering and closing share one connection's state.
 *
 * <p>One a connection, on its event loop.
 */
final class RequestGuard extends ChannelDuplexHandler {

  /** How many requests may wait on one connection (HTTP pipelining, RFC 9112, section 9.3.2). */
  static final int MAX_PIPELINED = 16;

  /** How long the bodies of requests that wait behind another may be, all together: 1 MiB. */
  private static final long MAX_PIPELINED_LENGTH = 1 << 20;

  /**
   * How much of a body is read behind an answer that did not wait for it, to keep the connection:
   * 256 KiB, as Go's net/http does. Where more is to come the connection is closed.
   */
  private static final long MAX_DRAINED_LENGTH = 256 << 10;

  /** The same for a compressed body, which may grow a thousandfold: 4 KiB. */
  private static final long MAX_DRAINED_COMPRESSED = 4 << 10;

  /** The name of {@link #byteCounter}, in front of the codec. */
  static final String BYTES = "iir.bytes";

  private final Channel channel;
  private final RequestPolicy policy;
  private final Deadlines deadlines;
  private final OpenCalls open;
  private final Consumer<ApiError> onRefusal;
  private final RequestClock clock;
  private final SendClock sendClock;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ApiError refusal;
  private @Nullable AnswerStream streaming;
  private int outstanding;
  private long announcedLength;
  private long bodyLength;
  private long drainedLength;
  private long pipelinedLength;
  private boolean receiving;
  private boolean heldBack;
  private long mostDrained = MAX_DRAINED_LENGTH;
  private boolean leaving;
  private boolean interim;
  private @Nullable String offeredId;

  /**
   * A guard of {@code channel}, on whose loop {@code open} are the open calls, that tells {@code
   * onRefusal} what it refuses.
   */
  RequestGuard(
      Channel channel,
      EngineSettings settings,
      Deadlines deadlines,
      OpenCalls open,
      Consumer<ApiError> onRefusal) {
    this.open = open;
    this.policy = new RequestPolicy(settings.maxBody(), settings.tls() == null ? "http" : "https");
    this.deadlines = deadlines;
    this.channel = channel;
    this.onRefusal = onRefusal;
    this.clock = new RequestClock(settings, this::expired);
    this.sendClock = new SendClock(channel, settings.sendTimeout(), this::stalled);
  }

  /** Sits in front of the codec, where a head's first byte is seen. */
  ChannelInboundHandlerAdapter byteCounter() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
          clock.received(bytes.readableBytes());
        }
        ctx.fireChannelRead(message);
      }
    };
  }

  /** The open calls of this connection's loop. */
  OpenCalls open() {
    return open;
  }

  /** The answer that is being streamed: it goes on when the connection becomes writable again. */
  void streaming(@Nullable AnswerStream stream) {
    streaming = stream;
  }

  /**
   * Whether the connection is to be closed behind the answer that is now given: its request's body
   * is not there, and more of it is to come than is worth reading or inflating, or the client waits
   * to be asked for it and might now leave it out.
   */
  boolean closesBehindAnswer() {
    return receiving
        && outstanding == 1
        && (heldBack || announcedLength - bodyLength > mostDrained);
  }

  /** Runs {@code then} when the client has taken all that is written by now, or is gone. */
  void whenTaken(Runnable then) {
    // Later, for what is being written right now; below the codec, for this is not HTTP.
    channel
        .eventLoop()
        .execute(() -> {
          ChannelHandlerContext below = channel.pipeline().context(BYTES);
          if (below == null) {
            then.run();
          } else {
            below.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(taken -> then.run());
          }
        });
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadlines.watch(clock);
    deadlines.watch(sendClock);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    forgetClocks();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    forgetClocks();
    ctx.fireChannelInactive();
  }

  private void forgetClocks() {
    deadlines.forget(clock);
    deadlines.forget(sendClock);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (refusal != null || leaving || !(message instanceof HttpObject part)) {
      ReferenceCountUtil.release(message);
      return;
    }
    ApiError error = check(part);
    if (error != null) {
      ReferenceCountUtil.release(message);
      refuse(ctx, error);
      return;
    }
    if (part instanceof LastHttpContent) {
      receiving = false;
      // An answer may have been given before the body had come whole.
      clock.enter(outstanding > 0 ? RequestClock.Phase.SERVING : RequestClock.Phase.IDLE);
    }
    ctx.fireChannelRead(message);
  }

  private @Nullable ApiError check(HttpObject part) {
    if (part instanceof HttpRequest request) {
      offeredId = request.headers().get(RequestIds.HEADER);
      ApiError error = policy.check(request);
      if (error == null && outstanding >= MAX_PIPELINED) {
        error = RequestPolicy.tooManyPipelined();
      }
      if (error == null) {
        outstanding++;
        receiving = true;
        heldBack = HttpUtil.is100ContinueExpected(request);
        mostDrained =
            request.headers().contains(HttpHeaderNames.CONTENT_ENCODING)
                ? MAX_DRAINED_COMPRESSED
                : MAX_DRAINED_LENGTH;
        announcedLength = HttpUtil.getContentLength(request, 0L);
        bodyLength = 0;
        drainedLength = 0;
        clock.enter(RequestClock.Phase.BODY);
      }
      return error;
    }
    if (part instanceof HttpContent content) {
      int length = content.content().readableBytes();
      heldBack &= length == 0;
      bodyLength += length;
      drainedLength = outstanding == 0 ? drainedLength + length : 0;
      if (drainedLength > MAX_DRAINED_LENGTH) {
        return RequestPolicy.tooLarge(MAX_DRAINED_LENGTH);
      }
      pipelinedLength = outstanding > 1 ? pipelinedLength + length : 0;
      return pipelinedLength > MAX_PIPELINED_LENGTH
          ? RequestPolicy.tooManyPipelined()
          : policy.check(content, bodyLength);
    }
    return null;
  }

  private void expired() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      return;
    }
    switch (clock.phase()) {
      case HEAD, BODY -> refuse(ctx, RequestPolicy.tooSlow());
      case IDLE -> {
        if (sendClock.bytesWait()) { // all is written, but not yet taken
          clock.enter(RequestClock.Phase.IDLE);
        } else {
          ctx.close();
        }
      }
      default -> ctx.close();
    }
  }

  /**
   * The client takes nothing. It is reset: a connection closed in an orderly way would still have
   * the kernel hold what waits for it.
   */
  private void stalled() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      ctx.close();
    }
  }

  // ---- the way out

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse response) {
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      heldBack &= !interim;
    }
    ctx.write(message, promise);
    if (message instanceof LastHttpContent && !interim) {
      answered(ctx);
    }
  }

  private void answered(ChannelHandlerContext ctx) {
    outstanding--;
    ApiError waiting = refusal;
    if (waiting != null) {
      if (outstanding <= 0) {
        sendRefusal(ctx, waiting);
      }
    } else if (outstanding == 0 && !receiving) {
      clock.enter(RequestClock.Phase.IDLE);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    AnswerStream stream = streaming;
    if (stream != null && ctx.channel().isWritable()) {
      stream.drain();
    }
    ctx.fireChannelWritabilityChanged();
  }

  private void refuse(ChannelHandlerContext ctx, ApiError error) {
    refusal = error;
    clock.enter(RequestClock.Phase.SERVING);
    if (receiving && outstanding == 0) {
      linger(ctx); // this request has its answer already
      return;
    }
    if (receiving) {
      outstanding--; // this request gets the refusal as its answer
      receiving = false;
    }
    if (outstanding <= 0) {
      sendRefusal(ctx, error);
    }
  }

  /**
   * The server closes the connection. Where the client is still sending, that would be a reset,
   * which may take the answer from it before it has read it (RFC 9112, section 9.6).
   */
  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (!leaving && (receiving || outstanding > 0) && ctx.channel().isActive()) {
      linger(ctx);
    }
    if (leaving) { // the clock, or the client, ends it
      ctx.channel().closeFuture().addListener(closed -> promise.trySuccess());
    } else {
      ctx.close(promise);
    }
  }

  /** Says that no answer will follow, and gives the client time to close. */
  private void linger(ChannelHandlerContext ctx) {
    leaving = true;
    receiving = false;
    clock.enter(RequestClock.Phase.LINGERING);
    ctx.channel().config().setAutoRead(true);
    if (ctx.channel() instanceof SocketChannel socket) {
      FlushTogether.sendNow(socket); // which the shutdown would drop
      socket.shutdownOutput();
    }
  }

  private void sendRefusal(ChannelHandlerContext ctx, ApiError error) {
    clock.enter(RequestClock.Phase.LINGERING);
    onRefusal.accept(error);
    byte[] body = error.toJson();
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(error.status()),
            Unpooled.wrappedBuffer(body));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(RequestIds.HEADER, RequestIds.accept(offeredId))
        .set("x-iir-error-source", error.source().headerValue());
    ctx.writeAndFlush(response)
        .addListener(sent -> {
          if (sent.isSuccess()) {
            linger(ctx);
          } else {
            ctx.close();
          }
        });
  }
}
