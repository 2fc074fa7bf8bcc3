package io.iir.transport;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What ties an exchange to the client it runs for: the event loop of the client's connection, and
 * what to abort when the client leaves; unless the answer is wanted without the client, too.
 *
 * <p>All but {@link #left}, {@link #absent} and {@link #stopped} is to be called on {@link #loop}.
 */
public final class ClientLink {

  private final EventLoop loop;
  private volatile boolean left;
  private volatile boolean absent;
  private volatile boolean stopped;
  private boolean wantedAnyway;
  private @Nullable Runnable abort;

  /** The link of a client whose connection lives on {@code loop}. */
  public ClientLink(EventLoop loop) {
    this.loop = loop;
  }

  /** The loop of the client's connection: calls made for it run there too. */
  public EventLoop loop() {
    return loop;
  }

  /** Whether nobody wants the answer any more, or it is stopped. Any thread may ask. */
  public boolean left() {
    return left;
  }

  /** Whether the client has gone. Any thread may ask. */
  public boolean absent() {
    return absent;
  }

  /** Whether the gateway has no more time for the answer. Any thread may ask. */
  public boolean stopped() {
    return stopped;
  }

  /** Whether the answer is made to its end although the client leaves. */
  public boolean isWantedAnyway() {
    return wantedAnyway;
  }

  /** From now on the answer is made to its end although the client leaves. */
  public void wantAnyway() {
    wantedAnyway = true;
  }

  /** Runs {@code abort} when the client leaves; at once if it has. Replaces the one before. */
  public void onLeave(Runnable abort) {
    if (left) {
      abort.run();
    } else {
      this.abort = abort;
    }
  }

  /** The client has left: what was to be aborted is, unless the answer is wanted anyway. */
  public void leave() {
    absent = true;
    if (!wantedAnyway) {
      left = true;
      abortNow();
    }
  }

  /** The gateway has no more time: what runs is aborted, also where it is wanted anyway. */
  public void stop() {
    stopped = true;
    left = true;
    abortNow();
  }

  /** Aborts what still runs although the client has its answer or will get another one. */
  public void abortNow() {
    Runnable running = abort;
    abort = null;
    if (running != null) {
      running.run();
    }
  }
}
