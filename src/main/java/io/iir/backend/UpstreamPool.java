package io.iir.backend;

import io.iir.backend.UpstreamException.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one origin: the idle ones, newest first, and who waits for
 * one. Confined to its loop, so it needs no lock.
 */
final class UpstreamPool {

  /** Who wants a connection. */
  interface Borrower {
    /** Here it is; {@code reused} if it has carried a call before. */
    void connected(Channel channel, boolean reused);

    /** There will be none. */
    void refused(UpstreamException failure);

    /** Whether the connection is still wanted. */
    boolean waiting();
  }

  private final Supplier<ChannelFuture> connector;
  private final int maxConnections;
  private final int maxWaiting;
  private final ArrayDeque<Channel> idle = new ArrayDeque<>();
  private final ArrayDeque<Borrower> queue = new ArrayDeque<>();
  private int open;

  /** A pool of at most {@code maxConnections} that {@code connector} opens. */
  UpstreamPool(Supplier<ChannelFuture> connector, int maxConnections, int maxWaiting) {
    this.connector = connector;
    this.maxConnections = maxConnections;
    this.maxWaiting = maxWaiting;
  }

  /** Gives {@code borrower} an idle connection, a new one, or a place in the queue. */
  void acquire(Borrower borrower) {
    Channel channel = takeIdle();
    if (channel != null) {
      borrower.connected(channel, true);
    } else {
      acquireNew(borrower);
    }
  }

  /** As {@link #acquire}, but never a connection that may have gone stale. */
  void acquireNew(Borrower borrower) {
    if (open >= maxConnections && !idle.isEmpty()) {
      idle.removeLast().close();
    }
    if (open < maxConnections) {
      connect(borrower);
    } else if (queue.size() < maxWaiting) {
      queue.add(borrower);
    } else {
      borrower.refused(
          new UpstreamException(
              Kind.BUSY,
              "all %d connections are in use and %d calls wait".formatted(open, queue.size())));
    }
  }

  /** Takes back a connection that is ready for another call. */
  void release(Channel channel) {
    Borrower next = nextWaiting();
    if (next != null) {
      next.connected(channel, true);
    } else {
      idle.addFirst(channel);
    }
  }

  private @Nullable Channel takeIdle() {
    Channel channel;
    while ((channel = idle.pollFirst()) != null && !channel.isActive()) {
      // closed while idle: its close listener has counted it
    }
    return channel;
  }

  private @Nullable Borrower nextWaiting() {
    Borrower next;
    while ((next = queue.poll()) != null && !next.waiting()) {
      // gave up while it waited
    }
    return next;
  }

  private void connect(Borrower borrower) {
    open++;
    ChannelFuture connecting = connector.get();
    connecting.channel().closeFuture().addListener(closed -> forget(connecting.channel()));
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        borrower.refused(
            new UpstreamException(Kind.UNREACHABLE, ConnectFailures.explain(done.cause())));
      } else if (borrower.waiting()) {
        borrower.connected(connecting.channel(), false);
      } else {
        release(connecting.channel());
      }
    });
  }

  private void forget(Channel channel) {
    open--;
    idle.remove(channel);
    Borrower next = nextWaiting();
    if (next != null) {
      connect(next);
    }
  }
}
