package io.iir.flow.relay;

import io.iir.backend.UpstreamCall;
import io.iir.backend.UpstreamClient;
import io.iir.backend.UpstreamException;
import io.iir.backend.UpstreamListener;
import io.iir.flow.relay.Hedge.Second;
import io.iir.flow.relay.Hedge.Side;
import io.iir.transport.AnswerStream;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call, and a second one beside it if the first has not begun to answer in time: the first answer
 * wins, and the other call is cancelled at once. Where one fails, the other is waited for. Confined
 * to the event loop of the client's connection.
 */
final class HedgedCall {

  private final Hedge hedge;
  private final UpstreamClient client;
  private final EventLoop loop;
  private final UpstreamListener exchange;
  private final Map<Side, UpstreamCall> calls = new EnumMap<>(Side.class);
  private int running;
  private boolean decided;
  private @Nullable Future<?> timer;

  /** Calls by {@code client} on {@code loop}, whose outcome {@code exchange} hears. */
  HedgedCall(Hedge hedge, UpstreamClient client, EventLoop loop, UpstreamListener exchange) {
    this.hedge = hedge;
    this.client = client;
    this.loop = loop;
    this.exchange = exchange;
  }

  /** Makes the first call, and prepares for the second. */
  void start(RelayCall call, byte[] body) {
    call(Side.FIRST, call, body);
    if (!decided) {
      timer = loop.schedule(this::startSecond, hedge.after().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void startSecond() {
    Second second = decided ? null : hedge.second();
    if (second != null) {
      call(Side.SECOND, second.call(), second.body());
    }
  }

  private void call(Side side, RelayCall call, byte[] body) {
    running++;
    UpstreamCall made =
        client.call(
            call.request(body), call.bounds(), loop, call.tap(), call.opening(), new Outcome(side));
    calls.put(side, made);
  }

  /** The client has left. */
  void cancel() {
    calls.values().forEach(UpstreamCall::cancel);
  }

  /** The exchange goes on with what the call on {@code side} has brought. */
  private void decide(Side side) {
    decided = true;
    if (timer != null) {
      timer.cancel(false);
    }
    hedge.decided(side);
    calls.forEach((other, call) -> {
      if (other != side) {
        call.cancel();
      }
    });
  }

  /** Whether a call that has failed with {@code reason} leaves it to the other one. */
  private boolean leavesIt(Side side, String reason) {
    running--;
    if (running == 0) {
      return false;
    }
    hedge.failed(side, reason);
    return true;
  }

  /** What the call on one side has come to. */
  private final class Outcome implements UpstreamListener {

    private final Side side;

    Outcome(Side side) {
      this.side = side;
    }

    @Override
    public void answered(int status, HttpHeaders headers, byte[] body) {
      if (decided || (status >= 400 && leavesIt(side, "answered " + status))) {
        return;
      }
      decide(side);
      exchange.answered(status, headers, body);
    }

    @Override
    public void streaming(HttpHeaders headers, AnswerStream stream) {
      if (decided) {
        stream.cancel();
        return;
      }
      decide(side);
      exchange.streaming(headers, stream);
    }

    @Override
    public void failed(UpstreamException failure) {
      boolean left = failure.kind() == UpstreamException.Kind.CLIENT_LEFT;
      if (decided || (!left && leavesIt(side, String.valueOf(failure.getMessage())))) {
        return;
      }
      decide(side);
      exchange.failed(failure);
    }
  }
}
