package io.iir.flow.engine;

import io.iir.transport.Deadlines;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;

/**
 * The time limit on a client that does not take what waits to be written to it: the time between
 * two bytes that it takes, as nginx's {@code send_timeout} counts it. Looks at the connection from
 * time to time, so that writing costs nothing: a client is found out up to an eighth of the limit
 * late. Confined to the connection's event loop.
 */
final class SendClock implements Deadlines.Timed {

  private static final int LOOKS = 8;

  private final Channel channel;
  private final long limit;
  private final Runnable onStall;
  private long nextLook;
  private long since;
  private boolean waiting;
  private int first;
  private long progress;
  private long pending;

  /** A clock that runs {@code onStall} each time it finds the client of {@code channel} stalled. */
  SendClock(Channel channel, Duration limit, Runnable onStall) {
    this.channel = channel;
    this.limit = limit.toNanos();
    this.onStall = onStall;
    this.nextLook = System.nanoTime() + this.limit / LOOKS;
  }

  /** Whether bytes wait that the client has not taken. */
  boolean bytesWait() {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    return buffer != null && buffer.current() != null;
  }

  @Override
  public long deadlineNanos() {
    return nextLook;
  }

  @Override
  public void expire() {
    look(System.nanoTime());
  }

  private void look(long now) {
    nextLook = now + limit / LOOKS;
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    Object current = buffer == null ? null : buffer.current();
    if (buffer == null || current == null) {
      waiting = false;
      return;
    }
    int firstNow = System.identityHashCode(current);
    long progressNow = buffer.currentProgress();
    long pendingNow = buffer.totalPendingWriteBytes();
    // What is added behind is not taken: only what grows less is.
    boolean taken = firstNow != first || progressNow != progress || pendingNow < pending;
    first = firstNow;
    progress = progressNow;
    pending = pendingNow;
    if (!waiting || taken) {
      waiting = true;
      since = now;
    } else if (now - since >= limit) {
      onStall.run();
    }
  }
}
