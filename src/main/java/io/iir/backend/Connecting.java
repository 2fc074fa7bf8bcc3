package io.iir.backend;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.Future;

/**
 * Makes connections: one is made when its TLS handshake, if there is one, is. One limit holds for
 * all of it: looking up the name, connecting, the proxy's tunnel, shaking hands.
 */
final class Connecting {

  private Connecting() {}

  /** Begins to connect; the future is that of a connection that can be used. */
  static ChannelFuture start(Bootstrap bootstrap, EventLoop loop, long limitNanos) {
    ChannelFuture connecting = bootstrap.connect();
    Channel channel = connecting.channel();
    // Not the channel's own promise: one that could not even be made has no loop to tell of it.
    ChannelPromise ready = new DefaultChannelPromise(channel, loop);
    Future<?> limit =
        loop.schedule(
            () -> ready.tryFailure(new ConnectTimeoutException()), limitNanos, NANOSECONDS);
    ready.addListener(made -> {
      limit.cancel(false);
      if (!made.isSuccess()) {
        channel.close();
      }
    });
    connecting.addListener(connected -> {
      if (!connected.isSuccess()) {
        ready.tryFailure(connected.cause());
        return;
      }
      ProxyHandler tunnel = channel.pipeline().get(ProxyHandler.class);
      if (tunnel == null) {
        secured(channel, ready);
        return;
      }
      tunnel
          .connectFuture()
          .addListener(made -> {
            if (made.isSuccess()) {
              secured(channel, ready);
            } else {
              ready.tryFailure(made.cause());
            }
          });
    });
    return ready;
  }

  /** Tells {@code ready} when the TLS handshake, if there is one, is over. */
  private static void secured(Channel channel, ChannelPromise ready) {
    SslHandler handler = channel.pipeline().get(SslHandler.class);
    if (handler == null) {
      ready.trySuccess();
      return;
    }
    handler
        .handshakeFuture()
        .addListener(shaken -> {
          if (shaken.isSuccess()) {
            ready.trySuccess();
          } else {
            ready.tryFailure(shaken.cause());
          }
        });
  }
}
