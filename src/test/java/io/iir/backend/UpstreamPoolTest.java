package io.iir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UpstreamPoolTest {

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final List<EmbeddedChannel> opened = new ArrayList<>();
  private final List<ChannelPromise> connecting = new ArrayList<>();

  static final class Caller implements UpstreamPool.Borrower {

    private @Nullable Channel channel;
    private @Nullable UpstreamException refusal;
    private boolean reused;
    private boolean gone;

    @Override
    public void connected(Channel given, boolean hasCarriedCalls) {
      channel = given;
      reused = hasCarriedCalls;
    }

    @Override
    public void refused(UpstreamException failure) {
      refusal = failure;
    }

    @Override
    public boolean waiting() {
      return !gone && channel == null && refusal == null;
    }

    Channel channel() {
      return Objects.requireNonNull(channel);
    }
  }

  @Test
  void aReleasedConnectionIsUsedAgain() {
    UpstreamPool pool = pool(quota(2, 0));
    Caller first = acquire(pool);
    assertThat(first.reused).isFalse();
    pool.release(first.channel());
    Caller second = acquire(pool);
    assertThat(second.channel).isSameAs(first.channel);
    assertThat(second.reused).isTrue();
    assertThat(opened).hasSize(1);
  }

  @Test
  void theNewestIdleConnectionIsUsedFirst() {
    UpstreamPool pool = pool(quota(2, 0));
    Caller old = acquire(pool);
    Caller young = acquire(pool);
    pool.release(old.channel());
    pool.release(young.channel());
    assertThat(acquire(pool).channel).isSameAs(young.channel);
  }

  @Test
  void aClosedIdleConnectionIsNotUsed() {
    UpstreamPool pool = pool(quota(1, 0));
    Caller first = acquire(pool);
    pool.release(first.channel());
    first.channel().close();
    Caller second = acquire(pool);
    assertThat(second.channel).isNotNull().isNotSameAs(first.channel);
  }

  @Test
  void whoFindsNoneWaitsInLineOrIsRefused() {
    UpstreamPool pool = pool(quota(1, 2));
    Caller first = acquire(pool);
    Caller second = acquire(pool);
    Caller third = acquire(pool);
    Caller fourth = acquire(pool);
    assertThat(fourth.refusal).hasMessage("all 1 connections are in use and 2 calls wait");
    assertThat(second.waiting() && third.waiting()).isTrue();
    pool.release(first.channel());
    assertThat(second.channel).isSameAs(first.channel);
    assertThat(third.waiting()).isTrue();
    second.channel().close();
    settle();
    assertThat(third.channel).isNotNull().isNotSameAs(first.channel);
  }

  @Test
  void whoGaveUpFreesItsPlace() {
    UpstreamPool pool = pool(quota(1, 1));
    Caller first = acquire(pool);
    Caller second = acquire(pool);
    second.gone = true;
    pool.withdraw(second);
    Caller third = acquire(pool);
    assertThat(third.refusal).isNull();
    pool.release(first.channel());
    assertThat(second.channel).isNull();
    assertThat(third.channel).isSameAs(first.channel);
  }

  @Test
  void whoseConnectionWasStaleGoesFirstAndIsNeverRefused() {
    UpstreamPool pool = pool(quota(1, 1));
    Caller first = acquire(pool);
    Caller queued = acquire(pool);
    Caller stale = new Caller();
    pool.reacquire(stale);
    assertThat(stale.refusal).isNull();
    first.channel().close();
    settle();
    assertThat(stale.channel).isNotNull();
    assertThat(queued.waiting()).isTrue();
  }

  @Test
  void anIdleConnectionMakesRoomForANewOne() {
    UpstreamPool pool = pool(quota(1, 0));
    Caller first = acquire(pool);
    pool.release(first.channel());
    Caller stale = new Caller();
    pool.reacquire(stale);
    settle();
    assertThat(first.channel().isActive()).isFalse();
    assertThat(stale.channel).isNotNull();
  }

  @Test
  void theBoundHoldsForAllLoops() {
    OriginQuota quota = quota(1, 1);
    UpstreamPool one = pool(quota);
    UpstreamPool other = pool(quota);
    Caller first = acquire(one);
    Caller waits = acquire(other);
    assertThat(waits.waiting()).isTrue();
    assertThat(acquire(one).refusal).isNotNull();
    one.release(first.channel());
    settle();
    assertThat(first.channel().isActive()).as("given up for the other loop").isFalse();
    assertThat(waits.channel).isNotNull();
    assertThat(opened).hasSize(2);
  }

  @Test
  void anotherLoopsIdleConnectionIsGivenUp() {
    OriginQuota quota = quota(1, 1);
    UpstreamPool one = pool(quota);
    UpstreamPool other = pool(quota);
    Caller first = acquire(one);
    one.release(first.channel());
    Caller second = acquire(other);
    assertThat(first.channel().isActive()).isFalse();
    assertThat(second.channel).isNotNull();
  }

  @Test
  void aFailedConnectionIsToldAndFreesItsPlace() {
    OriginQuota quota = quota(1, 1);
    UpstreamPool pool =
        new UpstreamPool(
            loop.eventLoop(),
            () -> {
              EmbeddedChannel channel = new EmbeddedChannel();
              opened.add(channel);
              ChannelPromise promise = channel.newPromise();
              connecting.add(promise);
              return promise;
            },
            quota);
    Caller first = acquire(pool);
    Caller second = acquire(pool);
    opened.getFirst().close();
    connecting.getFirst().setFailure(new ConnectException("Connection refused: /127.0.0.1:1"));
    settle();
    assertThat(first.refusal).hasMessage("connection refused");
    connecting.getLast().setSuccess();
    settle();
    assertThat(second.channel).isSameAs(opened.getLast());
  }

  @Test
  void whereNoSocketCouldBeMadeThePlaceIsGivenBack() {
    UpstreamPool pool =
        new UpstreamPool(
            loop.eventLoop(),
            () -> {
              ChannelPromise promise =
                  new DefaultChannelPromise(new NioSocketChannel(), loop.eventLoop());
              connecting.add(promise);
              return promise;
            },
            quota(1, 1));
    Caller first = acquire(pool);
    Caller second = acquire(pool);
    for (int i = 0; i < 2; i++) {
      assertThat(connecting).as("one at a time").hasSize(i + 1);
      connecting.get(i).channel().unsafe().closeForcibly();
      connecting.get(i).setFailure(new ChannelException("Too many open files"));
      settle();
    }
    assertThat(first.refusal).hasMessage("no connection: ChannelException");
    assertThat(second.refusal).hasMessage("no connection: ChannelException");
    acquire(pool);
    assertThat(connecting).as("the place is free again, and once").hasSize(3);
    assertThat(acquire(pool).waiting()).isTrue();
    assertThat(connecting).hasSize(3);
    connecting.getLast().channel().unsafe().closeForcibly();
  }

  @Test
  void aConnectionThatComesTooLateIsKept() {
    UpstreamPool pool =
        new UpstreamPool(
            loop.eventLoop(),
            () -> {
              EmbeddedChannel channel = new EmbeddedChannel();
              ChannelPromise promise = channel.newPromise();
              connecting.add(promise);
              return promise;
            },
            quota(1, 0));
    Caller first = acquire(pool);
    first.gone = true;
    connecting.getFirst().setSuccess();
    Caller second = acquire(pool);
    assertThat(first.channel).isNull();
    assertThat(second.channel).isNotNull();
  }

  private Caller acquire(UpstreamPool pool) {
    Caller caller = new Caller();
    pool.acquire(caller);
    settle();
    return caller;
  }

  private void settle() {
    for (int i = 0; i < 5; i++) {
      loop.runPendingTasks();
      List.copyOf(opened).forEach(EmbeddedChannel::runPendingTasks);
    }
  }

  private static OriginQuota quota(int connections, int waiting) {
    return new OriginQuota(new PoolBounds("fake", connections, waiting));
  }

  private UpstreamPool pool(OriginQuota quota) {
    return new UpstreamPool(
        loop.eventLoop(),
        () -> {
          EmbeddedChannel channel = new EmbeddedChannel();
          opened.add(channel);
          ChannelFuture connected = channel.newSucceededFuture();
          return connected;
        },
        quota);
  }
}
