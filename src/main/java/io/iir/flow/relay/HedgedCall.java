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
 * wins, and the other call is cancelled at once; so does a refusal that is the client's own fault.
 * Where one fails, the other is waited for. Confined to the event loop of the client's connection.
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
    Outcome outcome = new Outcome(side);
    try {
      calls.put(
          side,
          client.call(
              call.request(body), call.bounds(), loop, call.tap(), call.opening(), outcome));
    } catch (RuntimeException e) {
      outcome.failed(
          new UpstreamException(UpstreamException.Kind.UNREACHABLE, "no call could be made: " + e));
    }
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
    UpstreamCall loser = calls.get(side == Side.FIRST ? Side.SECOND : Side.FIRST);
    hedge.decided(side, loser != null && loser.mayCost());
    calls.forEach((other, call) -> {
      if (other != side) {
        call.cancel();
      }
    });
  }

  /** What the call on one side has come to. */
  private final class Outcome implements UpstreamListener {

    private final Side side;

    Outcome(Side side) {
      this.side = side;
    }

    @Override
    public void answered(int status, HttpHeaders headers, byte[] body) {
      if (decided) {
        return;
      }
      if (status >= 400 && running > 1 && !hedge.refused(side, status, headers, body)) {
        running--;
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
      if (decided) {
        return;
      }
      if (running > 1 && failure.kind() != UpstreamException.Kind.CLIENT_LEFT) {
        running--;
        hedge.failed(side, failure);
        return;
      }
      decide(side);
      exchange.failed(failure);
    }
  }
}
