package io.iir.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;

/**
 * Sends what a loop has written to any of its connections when the loop has read all that was
 * there, and not message by message. A peer that sleeps is woken by the first of many messages and
 * finds the others, instead of being woken for each, which costs the sender more than the message.
 * Where {@value #MOST} connections wait, they wait no longer.
 *
 * <p>One a connection, next to the socket, on its event loop. What was flushed before a connection
 * is closed is sent first; so it is where the peer has closed its half, if {@link
 * io.netty.channel.ChannelOption#ALLOW_HALF_CLOSURE} is set: the connection is closed behind it.
 */
public final class FlushTogether extends ChannelDuplexHandler {

  private static final int MOST = 32;

  private static final FastThreadLocal<Waiting> WAITING =
      new FastThreadLocal<>() {
        @Override
        protected Waiting initialValue() {
          return new Waiting();
        }
      };

  private boolean waits;

  /** Sends what waits on {@code channel}, for whoever is about to go round the pipeline. */
  public static void sendNow(Channel channel) {
    ChannelHandlerContext ctx = channel.pipeline().context(FlushTogether.class);
    if (ctx != null) {
      ((FlushTogether) ctx.handler()).send(ctx);
    }
  }

  /** Those of one loop that wait for its round to end. */
  private static final class Waiting implements Runnable {

    private final ArrayDeque<ChannelHandlerContext> all = new ArrayDeque<>();
    private boolean scheduled;

    void add(ChannelHandlerContext ctx) {
      all.add(ctx);
      if (all.size() >= MOST) {
        sendAll();
      } else if (!scheduled) {
        scheduled = true;
        ctx.channel().eventLoop().execute(this);
      }
    }

    @Override
    public void run() {
      scheduled = false;
      sendAll();
    }

    /** Those that are there now: what is written when they are sent is for the next round. */
    private void sendAll() {
      for (int left = all.size(); left > 0 && !all.isEmpty(); left--) {
        ChannelHandlerContext ctx = all.remove();
        ((FlushTogether) ctx.handler()).send(ctx);
      }
    }
  }

  private void send(ChannelHandlerContext ctx) {
    if (waits) {
      waits = false;
      ctx.flush();
    }
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!waits) {
      waits = true;
      WAITING.get().add(ctx);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof ChannelInputShutdownEvent) {
      close(ctx, ctx.newPromise());
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
    send(ctx);
    ctx.close(promise);
  }

  @Override
  public void disconnect(ChannelHandlerContext ctx, ChannelPromise promise) {
    send(ctx);
    ctx.disconnect(promise);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    send(ctx);
  }
}
