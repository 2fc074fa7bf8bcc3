package io.iir.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * An answer still being made: one side pushes bytes as they come, the client's connection takes
 * them as fast as it can.
 *
 * <p>A client that reads slowly pauses the source: what waits here is what came before the pause
 * took hold. Holds references to the buffers it was given and hands them on. One subscriber; all
 * methods are to be called on {@link #loop}.
 *
 * <p>Longer than 300 lines because what waits, who takes it and how it ends share one state.
 */
public final class AnswerStream implements Publisher<ByteBuf>, Subscription {

  /** Where the bytes come from. */
  public interface Source {
    /** Make no more bytes for now. */
    void pause();

    /** Go on. */
    void resume();

    /** Nobody wants the rest. */
    void cancel();
  }

  /** How many buffers may wait for the client's connection to subscribe. */
  private static final int MAX_UNCLAIMED = 64;

  /** Buffers that wait together go on as one, which is written and flushed once: up to 16 KiB. */
  private static final int MOST_JOINED = 16 << 10;

  private final EventLoop loop;
  private Source source;
  private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>();
  private @Nullable Subscriber<? super ByteBuf> subscriber;
  private @Nullable StreamEncoder encoder;
  private BooleanSupplier writable = () -> true;
  private long demand;
  private boolean paused;
  private boolean ended;
  private boolean cut;
  private boolean breaking;
  private boolean done;
  private boolean delivered;
  private boolean draining;
  private boolean gathering;
  private boolean wantedAnyway;
  private boolean unattended;
  private @Nullable Runnable afterwards;
  private boolean closing;
  private @Nullable Runnable beforeLast;

  /** A stream of what {@code source} will push, on {@code loop}. */
  public AnswerStream(EventLoop loop, Source source) {
    this.loop = loop;
    this.source = source;
  }

  /** The event loop that this stream lives on. */
  public EventLoop loop() {
    return loop;
  }

  /** Takes over {@code bytes} for the client. Dropped if the client has gone. */
  public void push(ByteBuf bytes) {
    if (done || ended) {
      bytes.release();
      return;
    }
    take(bytes);
    if (!gathering) {
      drain();
    }
  }

  /** More is about to be pushed at once: it goes on together, at {@link #gathered}. */
  public void gather() {
    gathering = true;
  }

  /** What was pushed since {@link #gather} goes on. */
  public void gathered() {
    if (gathering) {
      gathering = false;
      drain();
    }
  }

  private void take(ByteBuf bytes) {
    ByteBuf taken = encoder == null ? bytes : encoder.encode(bytes);
    if (taken != null) {
      waiting.add(taken);
    }
  }

  /**
   * From now on, and for what still waits, the client gets what {@code next} makes of the stream,
   * behind encoders that were given before. To be called before anyone subscribes.
   */
  public void through(StreamEncoder next) {
    for (int i = waiting.size(); i > 0; i--) {
      ByteBuf encoded = next.encode(waiting.remove());
      if (encoded != null) {
        waiting.add(encoded);
      }
    }
    encoder = encoder == null ? next : new EncoderChain(encoder, next);
    if (ended && !cut) {
      finish(next);
    }
  }

  private void finish(StreamEncoder encoder) {
    ByteBuf rest = encoder.end();
    if (rest != null) {
      waiting.add(rest);
    }
  }

  /** From now on the bytes come from {@code next}: the source before has broken off. */
  public void from(Source next) {
    source = next;
    if (paused) {
      next.pause();
    }
  }

  /** Whether nobody wants the rest. */
  public boolean isCancelled() {
    return done;
  }

  /**
   * Runs {@code action} before the last bytes are handed on: at once if all has been pushed. Does
   * not run it for a stream that is cancelled before.
   */
  public void beforeLast(Runnable action) {
    if (closing) {
      action.run();
    } else {
      beforeLast = action;
    }
  }

  /** What is pushed next is the last: whoever has it has all of the answer. */
  public void closing() {
    closing = true;
    Runnable action = beforeLast;
    beforeLast = null;
    if (action != null && !done) {
      action.run();
    }
  }

  /** All has been pushed. */
  public void end() {
    closing();
    if (!ended && !done && encoder != null) {
      finish(encoder);
    }
    ended = true;
    drain();
  }

  /** No more will come, and what has come is not all: the subscriber is told by an error. */
  public void cut() {
    closing();
    cut = true;
    ended = true;
    drain();
  }

  /**
   * Ends a stream that its source has not ended: {@code last}, which is taken over, is what the
   * client gets of the rest, behind its encoders; with null it sees that its answer is cut off. The
   * source is cancelled.
   */
  public void breakOff(@Nullable ByteBuf last) {
    if (hasEnded()) {
      ReferenceCountUtil.release(last);
      return;
    }
    closing();
    if (last == null) {
      cut = true;
    } else {
      take(last);
      if (encoder != null) {
        finish(encoder);
      }
    }
    ended = true;
    breaking = true; // the source gives its stream up, which the client is still to have
    source.cancel();
    breaking = false;
    drain();
  }

  /** Whether no more will come: what is left of the answer waits for its client, or is gone. */
  public boolean hasEnded() {
    return done || ended;
  }

  /** Whether the answer was cut off by its source. */
  public boolean wasCut() {
    return cut;
  }

  /** Whether the subscriber has been given all of the answer. */
  public boolean delivered() {
    return delivered;
  }

  /** Hands bytes on only while {@code writable} is true; call {@link #drain} when it turns true. */
  public void writableWhile(BooleanSupplier writable) {
    this.writable = writable;
  }

  /** The rest is made to its end although the subscriber cancels. To be said before it is sent. */
  public void wantAnyway() {
    wantedAnyway = true;
  }

  /**
   * Nobody takes the rest, which is made to its end all the same, as fast as it can be: who
   * subscribed hears and asks nothing any more. Then {@code afterwards} runs, also where the source
   * breaks off or is cancelled; at once if the stream is over.
   */
  public void unattended(Runnable afterwards) {
    this.afterwards = afterwards;
    leaveUnattended();
  }

  private void leaveUnattended() {
    unattended = true;
    discardWaiting();
    if (done || ended) {
      over();
    } else if (paused) {
      paused = false;
      source.resume();
    }
  }

  private void over() {
    done = true;
    Runnable then = afterwards;
    afterwards = null;
    if (then != null) {
      then.run();
    }
  }

  @Override
  public void subscribe(Subscriber<? super ByteBuf> subscriber) {
    this.subscriber = subscriber;
    subscriber.onSubscribe(
        new Subscription() {
          @Override
          public void request(long n) {
            AnswerStream.this.request(n);
          }

          @Override
          public void cancel() {
            if (wantedAnyway) {
              leaveUnattended();
            } else {
              AnswerStream.this.cancel();
            }
          }
        });
  }

  @Override
  public void request(long n) {
    demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
    drain();
  }

  @Override
  public void cancel() {
    if (done || breaking) {
      return;
    }
    done = true;
    discardWaiting();
    if (encoder != null) {
      encoder.close();
    }
    if (!ended) {
      source.cancel();
    }
    over();
  }

  /** Hands on what waits, as far as the client takes it; pauses or resumes the source. */
  public void drain() {
    if (done || draining) {
      return;
    }
    if (unattended) {
      discardWaiting();
      if (ended) {
        over();
      }
      return;
    }
    Subscriber<? super ByteBuf> to = subscriber;
    if (to == null) {
      pauseIf(waiting.size() >= MAX_UNCLAIMED);
      return;
    }
    draining = true;
    try {
      while (!done && !unattended && demand > 0 && !waiting.isEmpty() && writable.getAsBoolean()) {
        ByteBuf next = nextJoined();
        demand--;
        to.onNext(next);
      }
    } finally {
      draining = false;
    }
    if (unattended) {
      drain();
    } else if (!done && ended && waiting.isEmpty()) {
      done = true;
      delivered = !cut;
      if (cut) {
        to.onError(new IOException("the answer broke off"));
      } else {
        to.onComplete();
      }
    } else if (!done) {
      pauseIf(!waiting.isEmpty());
    }
  }

  /** The first that waits, with those behind it as far as they are small. */
  private ByteBuf nextJoined() {
    int length = 0;
    int count = 0;
    for (ByteBuf each : waiting) {
      if (count > 0 && length + each.readableBytes() > MOST_JOINED) {
        break;
      }
      length += each.readableBytes();
      count++;
    }
    if (count == 1) {
      return waiting.remove();
    }
    // Before anything is taken: where there is no memory, nothing is lost.
    ByteBuf joined = ByteBufAllocator.DEFAULT.buffer(length);
    for (; count > 0; count--) {
      ByteBuf each = waiting.remove();
      joined.writeBytes(each);
      each.release();
    }
    return joined;
  }

  private void pauseIf(boolean shouldPause) {
    if (shouldPause != paused && !ended) {
      paused = shouldPause;
      if (paused) {
        source.pause();
      } else {
        source.resume();
      }
    }
  }

  private void discardWaiting() {
    ByteBuf bytes;
    while ((bytes = waiting.poll()) != null) {
      bytes.release();
    }
  }
}
