package io.iir.backend;

import io.iir.backend.OriginQuota.Claim;
import io.iir.backend.OriginQuota.Waiter;
import io.iir.backend.UpstreamException.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop for one provider to one origin; the idle ones are used newest
 * first. How many there may be is for all loops together, so a loop that has none left gets one
 * that another gives up. Confined to its loop, but for {@link #giveUpIdle} and {@link #idle()}.
 */
final class UpstreamPool {

  /** Who wants a connection. */
  interface Borrower {
    /** Here it is; {@code reused} if it may have carried a call before. */
    void connected(Channel channel, boolean reused);

    /** There will be none. */
    void refused(UpstreamException failure);

    /** Whether the connection is still wanted. */
    boolean waiting();
  }

  private final EventExecutor loop;
  private final Supplier<ChannelFuture> connector;
  private final OriginQuota quota;
  private final ArrayDeque<Channel> idle = new ArrayDeque<>();
  private final AtomicInteger idleCount = new AtomicInteger();

  /** A pool on {@code loop} that {@code connector} opens connections for, within {@code quota}. */
  UpstreamPool(EventExecutor loop, Supplier<ChannelFuture> connector, OriginQuota quota) {
    this.loop = loop;
    this.connector = connector;
    this.quota = quota;
    quota.join(this);
  }

  /** Gives {@code borrower} an idle connection, a new one, or a place in the queue. */
  void acquire(Borrower borrower) {
    Channel channel = takeIdle();
    if (channel != null) {
      borrower.connected(channel, true);
    } else {
      proceed(borrower, quota.claim(new Waiter(this, borrower)));
    }
  }

  /** Gives {@code borrower}, whose connection had gone stale, a new one, before others. */
  void reacquire(Borrower borrower) {
    proceed(borrower, quota.reclaim(new Waiter(this, borrower)));
  }

  private void proceed(Borrower borrower, Claim claim) {
    switch (claim) {
      case GRANTED -> connect(borrower);
      case QUEUED -> {
        // its turn comes when a connection closes or is released
      }
      case REFUSED ->
          borrower.refused(
              new UpstreamException(
                  Kind.BUSY,
                  "all %d connections are in use and %d calls wait"
                      .formatted(quota.bounds().maxConnections(), quota.bounds().maxWaiting())));
    }
  }

  /** {@code borrower} does not wait any more. */
  void withdraw(Borrower borrower) {
    quota.withdraw(borrower);
  }

  /** Takes back a connection that is ready for another call. */
  void release(Channel channel) {
    while (quota.awaited()) {
      Waiter first = quota.first(this);
      if (first == null) {
        break;
      }
      if (first.pool() != this) {
        channel.close(); // the waiter's loop opens one in its place
        return;
      }
      if (first.borrower().waiting()) {
        first.borrower().connected(channel, true);
        return;
      }
    }
    idle.addFirst(channel);
    countIdle();
  }

  /** How many connections are idle, as far as another thread knows. */
  int idle() {
    return idleCount.get();
  }

  private void countIdle() {
    idleCount.lazySet(idle.size());
  }

  /** Closes an idle connection, if there is one, for whoever waits. Any thread may call it. */
  void giveUpIdle() {
    loop.execute(() -> {
      if (quota.awaited() && !idle.isEmpty()) {
        idle.removeLast().close();
        countIdle();
      }
    });
  }

  private @Nullable Channel takeIdle() {
    Channel channel;
    while ((channel = idle.pollFirst()) != null && !channel.isActive()) {
      // closed while idle: its close listener has counted it
    }
    countIdle();
    return channel;
  }

  /** Opens the connection that the quota has granted. */
  private void connect(Borrower borrower) {
    if (!borrower.waiting()) {
      replace();
      return;
    }
    ChannelFuture connecting = connector.get();
    Channel channel = connecting.channel();
    // Without a socket (file descriptors ran out) there is no channel on a loop, none that closes.
    boolean made = channel.isRegistered();
    if (made) {
      channel
          .closeFuture()
          .addListener(closed -> {
            idle.remove(channel);
            countIdle();
            replace();
          });
    }
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        if (!made) {
          replace();
        }
        borrower.refused(
            new UpstreamException(Kind.UNREACHABLE, ConnectFailures.explain(done.cause())));
      } else if (borrower.waiting()) {
        borrower.connected(channel, false);
      } else {
        release(channel);
      }
    });
  }

  /** Lets the first in the queue open a connection in place of one that is gone. */
  private void replace() {
    Waiter next = quota.closed();
    if (next != null) {
      next.pool().loop.execute(() -> next.pool().connect(next.borrower()));
    }
  }
}
