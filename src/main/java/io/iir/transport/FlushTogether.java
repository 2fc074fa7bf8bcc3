package io.iir.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.ArrayDeque;

/**
 * Sends what a loop has written to any of its connections when the loop has read all that was
 * there, and not message by message. A peer that sleeps is woken by the first of many messages and
 * finds the others, instead of being woken for each, which costs the sender more than the message.
 * Where one connection at a time has something, nothing waits.
 *
 * <p>One a connection, next to the socket, on its event loop. What was flushed before a connection
 * is closed is sent first.
 */
public final class FlushTogether extends ChannelOutboundHandlerAdapter {

  private static final FastThreadLocal<Waiting> WAITING =
      new FastThreadLocal<>() {
        @Override
        protected Waiting initialValue() {
          return new Waiting();
        }
      };

  private boolean waits;

  /** Those of one loop that wait for its round to end. */
  private static final class Waiting implements Runnable {

    private final ArrayDeque<ChannelHandlerContext> all = new ArrayDeque<>();

    void add(ChannelHandlerContext ctx) {
      all.add(ctx);
      if (all.size() == 1) {
        ctx.channel().eventLoop().execute(this);
      }
    }

    /** Only those that are there now: what their listeners write is for the next round. */
    @Override
    public void run() {
      for (int left = all.size(); left > 0; left--) {
        ChannelHandlerContext ctx = all.element();
        ((FlushTogether) ctx.handler()).send(ctx);
        all.remove();
      }
      if (!all.isEmpty()) {
        all.element().channel().eventLoop().execute(this);
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
