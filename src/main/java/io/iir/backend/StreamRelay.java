package io.iir.backend;

import io.iir.transport.AnswerStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stream of one call on its way from the provider to the client: begun when its first event is
 * here (until then another provider can be asked), ended with the closing event or with the word
 * that it broke.
 *
 * <p>Confined to the call's event loop.
 */
final class StreamRelay {

  private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

  private final EventTap tap;
  private final SseFramer framer = new SseFramer(this::passes);
  private final AnswerStream stream;
  private boolean begun;
  private boolean raw;
  private boolean eventSeen;
  private boolean failureSeen;
  private boolean broken;
  private byte @Nullable [] firstFailure;
  private byte @Nullable [] keptBack;

  StreamRelay(EventLoop loop, EventTap tap, AnswerStream.Source source) {
    this.tap = tap;
    this.stream = new AnswerStream(loop, source);
  }

  /** One that goes on with {@code begun}, whose client has seen its beginning. */
  StreamRelay(AnswerStream begun, EventTap tap, AnswerStream.Source source) {
    this.tap = tap;
    this.stream = begun;
    this.begun = true;
    begun.from(source);
  }

  AnswerStream stream() {
    return stream;
  }

  /** Whether the client's answer has begun: nothing but this stream can answer it now. */
  boolean begun() {
    return begun;
  }

  /** Begins the answer. */
  void begin() {
    begun = true;
  }

  /** Whether an event has come. */
  boolean eventSeen() {
    return eventSeen;
  }

  /** The data of the first event if that reports a failure. */
  byte @Nullable [] firstFailure() {
    return firstFailure;
  }

  /** Whether the provider has reported a failure. */
  boolean failureSeen() {
    return failureSeen;
  }

  /** Whether the provider has reported a failure or closed the stream: the rest does not matter. */
  boolean over() {
    return failureSeen || tap.closed();
  }

  /**
   * Takes over {@code bytes} and hands on the whole events in them.
   *
   * @throws IllegalStateException if an event is too long, or is none of such a stream
   */
  void feed(ByteBuf bytes) {
    ByteBuf events = framer.feed(bytes);
    if (tap.closed() || (failureSeen && keptBack == null)) {
      stream.closing();
    }
    if (events != null) {
      if (begun || (eventSeen && firstFailure == null && !broken)) {
        stream.push(events);
      } else {
        events.release(); // comments only, or a failure that is answered in another way
      }
    }
    if (broken) {
      throw new IllegalStateException("an event is not JSON");
    }
  }

  /** Takes over bytes of an answer that is handed on as it comes, whatever it is. */
  void pass(ByteBuf some) {
    raw = true;
    eventSeen = true;
    tap.passed(some.readableBytes());
    stream.push(some);
  }

  /** Tells a waiting client that the call goes on. */
  void comment() {
    stream.push(Unpooled.wrappedBuffer(COMMENT));
  }

  /** The provider has no more to send: the end if the answer is complete, else it is broken. */
  void providerEnded(String how) {
    if (failureSeen) {
      endWithFailure();
    } else if (tap.complete()) {
      byte[] closing = tap.closed() ? new byte[0] : tap.closing();
      stream.closing();
      if (closing.length > 0) {
        stream.push(Unpooled.wrappedBuffer(closing));
      }
      end();
    } else {
      breakOff("provider_error", "the provider's stream ended before its answer did: " + how);
    }
  }

  /** All of an answer that is handed on as it comes has come. */
  void passedAll() {
    tap.passedAll();
    end();
  }

  /** The provider has answered a whole instead of a stream, which the client awaits by now. */
  void whole(int status, byte[] body) {
    byte[] events = status == 200 ? tap.replay(body) : null;
    if (events == null) {
      breakOff("provider_error", tap.explain(status, body));
    } else {
      feed(Unpooled.wrappedBuffer(events));
      providerEnded("");
    }
  }

  /** The provider has reported a failure, which the client has seen unless it is kept back. */
  private void endWithFailure() {
    byte[] failure = keptBack;
    if (failure != null) {
      if (handedOver()) {
        framer.close();
        return;
      }
      stream.closing();
      stream.push(
          Unpooled.wrappedBuffer(
              "data: ".getBytes(StandardCharsets.US_ASCII),
              failure,
              "\n\n".getBytes(StandardCharsets.US_ASCII)));
    }
    end();
  }

  /**
   * The stream is broken: another call goes on with it, or it ends with an error event instead of
   * the closing one. What is no stream of events has no place for one: the client sees that its
   * answer is cut off.
   */
  void breakOff(String code, String message) {
    if (handedOver()) {
      framer.close();
      return;
    }
    byte[] event = tap.broken(code, message);
    if (raw) {
      framer.close();
      stream.cut();
    } else {
      stream.closing();
      stream.push(Unpooled.wrappedBuffer(event));
      end();
    }
  }

  /** Whether another call goes on with the stream, whose client has what came until now. */
  private boolean handedOver() {
    stream.gathered();
    return tap.handOver(stream);
  }

  /** Drops the beginning of an event that will have no end. */
  void close() {
    framer.close();
  }

  /** Nobody reads the stream: drops what waits in it. */
  void abandon() {
    framer.close();
    stream.cancel();
  }

  private void end() {
    framer.close();
    stream.end();
  }

  private boolean passes(byte[] data, int offset, int length) {
    if (failureSeen || broken) {
      return false;
    }
    EventTap.Verdict verdict = tap.event(data, offset, length);
    if (verdict == EventTap.Verdict.BROKEN) {
      broken = true;
      return false;
    }
    if (verdict == EventTap.Verdict.FAILURE) {
      failureSeen = true;
      byte[] failure = Arrays.copyOfRange(data, offset, offset + length);
      if (!eventSeen) {
        firstFailure = failure;
      }
      if (tap.handsOver()) {
        keptBack = failure;
        verdict = EventTap.Verdict.DROP;
      }
    }
    eventSeen = true;
    return verdict != EventTap.Verdict.DROP;
  }
}
