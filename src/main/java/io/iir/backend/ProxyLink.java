package io.iir.backend;

import io.iir.transport.OutboundProxy;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Makes a connection one through a proxy: over TLS by a tunnel (CONNECT), else by naming the whole
 * address in each request.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6">RFC 9110: CONNECT</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2">RFC 9112: absolute-form</a>
 */
final class ProxyLink {

  private ProxyLink() {}

  /** Adds, first of all, what makes a tunnel through {@code proxy}. */
  static void tunnel(
      ChannelPipeline pipeline,
      OutboundProxy proxy,
      AddressResolverGroup<InetSocketAddress> resolver,
      long timeoutMillis) {
    InetSocketAddress address = InetSocketAddress.createUnresolved(proxy.host(), proxy.port());
    String user = proxy.user();
    HttpProxyHandler handler =
        user == null
            ? new HttpProxyHandler(address)
            : new HttpProxyHandler(address, user, proxy.password());
    handler.setConnectTimeoutMillis(timeoutMillis);
    pipeline.addLast(new Resolving(resolver), handler);
  }

  /** Adds what makes each request name the whole address of {@code origin}. */
  static void wholeAddress(ChannelPipeline pipeline, OutboundProxy proxy, Origin origin) {
    pipeline.addLast(new WholeAddress(proxy, origin));
  }

  /** Looks the proxy's name up, which a channel does not do itself. */
  private static final class Resolving extends ChannelOutboundHandlerAdapter {

    private final AddressResolverGroup<InetSocketAddress> resolver;

    Resolving(AddressResolverGroup<InetSocketAddress> resolver) {
      this.resolver = resolver;
    }

    @Override
    public void connect(
        ChannelHandlerContext ctx,
        SocketAddress remote,
        SocketAddress local,
        ChannelPromise promise) {
      resolver
          .getResolver(ctx.executor())
          .resolve(remote)
          .addListener((Future<InetSocketAddress> found) -> {
            if (found.isSuccess()) {
              ctx.connect(found.getNow(), local, promise);
            } else {
              promise.tryFailure(found.cause());
            }
          });
    }
  }

  private static final class WholeAddress extends ChannelOutboundHandlerAdapter {

    private final OutboundProxy proxy;
    private final Origin origin;

    WholeAddress(OutboundProxy proxy, Origin origin) {
      this.proxy = proxy;
      this.origin = origin;
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
      if (message instanceof HttpRequest request) {
        request.setUri("http://" + origin.authority() + request.uri());
        String authorization = proxy.authorization();
        if (authorization != null) {
          request.headers().set(HttpHeaderNames.PROXY_AUTHORIZATION, authorization);
        }
      }
      ctx.write(message, promise);
    }
  }
}
