package io.iir.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMessage;

/**
 * Inflates HTTP bodies that say that they are compressed. Most say nothing: so the handler that
 * inflates joins the connection with the first that does, and costs the others nothing.
 *
 * <p>One a connection, on its event loop; sits behind the HTTP codec.
 */
public final class InflateOnDemand extends ChannelInboundHandlerAdapter {

  private static final String NAME = "iir.inflate";

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpMessage head
        && head.headers().contains(HttpHeaderNames.CONTENT_ENCODING)) {
      // No bound of its own on what comes out: whoever gathers the body has one.
      ctx.pipeline().addAfter(ctx.name(), NAME, new HttpContentDecompressor(0));
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(message);
    } else {
      ctx.fireChannelRead(message);
    }
  }
}
