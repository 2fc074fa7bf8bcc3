package io.iir.backend;

import io.iir.transport.Deadlines;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of one connection to a provider: hands what comes, and the passing of a deadline, to the
 * call that the connection carries.
 */
final class UpstreamHandler extends ChannelInboundHandlerAdapter implements Deadlines.Timed {

  private static final long MAX_IDLE_NANOS = TimeUnit.SECONDS.toNanos(50);

  private final Deadlines deadlines;
  private @Nullable ChannelHandlerContext context;
  private @Nullable UpstreamCall call;
  private boolean interim;
  private long idleUntil = Long.MAX_VALUE;

  UpstreamHandler(Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  /** From now on what comes is for {@code carried}; null: the connection is idle. */
  void carry(@Nullable UpstreamCall carried) {
    call = carried;
    if (carried == null) {
      idleUntil = System.nanoTime() + MAX_IDLE_NANOS;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    deadlines.watch(this);
  }

  /** From now on it idles until it carries a call: its borrower may have left. */
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    idleUntil = System.nanoTime() + MAX_IDLE_NANOS;
    ctx.fireChannelActive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    deadlines.forget(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    UpstreamCall current = call;
    if (current == null) {
      ReferenceCountUtil.release(message);
      ctx.close();
      return;
    }
    if (((HttpObject) message).decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      current.invalid(((HttpObject) message).decoderResult().cause());
      return;
    }
    if (message instanceof HttpResponse response) {
      interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
      if (!interim) {
        current.head(response);
      }
    }
    if (message instanceof HttpContent content) {
      pass(current, content);
    }
  }

  /** Nothing more is here for now: what has come of a stream goes on together. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    UpstreamCall current = call;
    if (current != null) {
      current.readComplete();
    }
    ctx.fireChannelReadComplete();
  }

  private void pass(UpstreamCall current, HttpContent content) {
    ByteBuf bytes = content.content();
    if (interim) {
      bytes.release();
      interim = !(content instanceof LastHttpContent);
      return;
    }
    if (bytes.isReadable()) {
      current.content(bytes);
    } else {
      bytes.release();
    }
    if (content instanceof LastHttpContent) {
      current.last();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadlines.forget(this);
    UpstreamCall current = call;
    call = null;
    if (current != null) {
      current.disconnected("the connection was closed");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    UpstreamCall current = call;
    call = null;
    ctx.close();
    if (current != null) {
      String message = cause.getMessage();
      current.disconnected(message == null ? cause.getClass().getSimpleName() : message);
    }
  }

  @Override
  public long deadlineNanos() {
    UpstreamCall current = call;
    return current == null ? idleUntil : current.deadlineNanos();
  }

  @Override
  public void expire() {
    if (System.nanoTime() - deadlineNanos() < 0) {
      return; // it was another call's, which another deadline of the same sweep has ended
    }
    UpstreamCall current = call;
    if (current != null) {
      current.expire();
    } else if (context != null) {
      idleUntil = Long.MAX_VALUE;
      context.close();
    }
  }
}
