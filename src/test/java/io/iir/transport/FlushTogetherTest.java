package io.iir.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.junit.jupiter.api.Test;

class FlushTogetherTest {

  private final EmbeddedChannel one = new EmbeddedChannel(new FlushTogether(), new Echo());

  /** Answers what it reads, and notes whether that was out at once. */
  private static final class Echo extends ChannelInboundHandlerAdapter {

    private boolean outAtOnce;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ChannelFuture written = ctx.writeAndFlush(message);
      ctx.writeAndFlush(Unpooled.copiedBuffer(new byte[] {2}));
      outAtOnce |= written.isDone();
    }
  }

  private void reads() {
    one.writeInbound(Unpooled.copiedBuffer(new byte[] {1}));
  }

  @Test
  void sendsWhenAllHasBeenRead() {
    reads();
    assertThat(one.pipeline().get(Echo.class).outAtOnce).isFalse();
    one.runPendingTasks();
    assertThat(one.outboundMessages()).hasSize(2);
  }

  @Test
  void sendsInTheNextRoundWhatIsWrittenWhileItSends() {
    one.writeOneOutbound(Unpooled.copiedBuffer(new byte[] {1}))
        .addListener(sent -> one.writeAndFlush(Unpooled.copiedBuffer(new byte[] {2})));
    one.pipeline().flush();
    one.runPendingTasks();
    assertThat(one.outboundMessages()).hasSize(2);
  }

  @Test
  void losesNothingThatWasFlushedBeforeAClose() {
    one.pipeline().write(Unpooled.copiedBuffer(new byte[] {1}));
    one.pipeline().flush();
    assertThat(one.outboundMessages()).isEmpty();
    one.pipeline().close();
    assertThat(one.outboundMessages()).hasSize(1);
    assertThat(one.isOpen()).isFalse();
  }

  @Test
  void losesNothingWhereThePeerHasClosedItsHalf() {
    one.pipeline().write(Unpooled.copiedBuffer(new byte[] {1}));
    one.pipeline().flush();
    one.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    assertThat(one.outboundMessages()).hasSize(1);
    assertThat(one.isOpen()).isFalse();
  }

  @Test
  void sendsWhatWaitsOnDemand() {
    one.pipeline().write(Unpooled.copiedBuffer(new byte[] {1}));
    one.pipeline().flush();
    FlushTogether.sendNow(one);
    assertThat(one.outboundMessages()).hasSize(1);
  }

  @Test
  void losesNothingWhenItIsRemoved() {
    one.pipeline().write(Unpooled.copiedBuffer(new byte[] {1}));
    one.pipeline().flush();
    one.pipeline().remove(FlushTogether.class);
    assertThat(one.outboundMessages()).hasSize(1);
  }

  @Test
  void keepsBackWhatWasOnlyWritten() {
    one.pipeline().write(Unpooled.copiedBuffer(new byte[] {1}));
    one.runPendingTasks();
    assertThat(one.outboundMessages()).isEmpty();
    one.pipeline().flush();
    one.runPendingTasks();
    assertThat(one.outboundMessages()).hasSize(1);
  }
}
