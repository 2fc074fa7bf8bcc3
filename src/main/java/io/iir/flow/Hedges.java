package io.iir.flow;

import io.iir.backend.ChatTap;
import io.iir.backend.EventCopy;
import io.iir.backend.Tally;
import io.iir.backend.UpstreamException;
import io.iir.config.IirProperties;
import io.iir.config.Protocol;
import io.iir.flow.relay.Hedge;
import io.iir.flow.relay.RelayCall;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.protocol.Protocols;
import io.iir.protocol.WireCall;
import io.iir.provider.Candidate;
import io.iir.throttle.Permit;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Has the next target asked beside one that has not begun to answer in time, where the strategy is
 * {@code fastest} and {@code iir.hedge.after} says when. Within the retry budget of the next one's
 * provider. Thread-safe.
 */
@Component
public final class Hedges {

  private static final Logger LOG = LoggerFactory.getLogger(Hedges.class);
  private static final String FASTEST = "fastest";

  private final Duration after;
  private final BackendRequest requests;
  private final Protocols protocols;
  private final Retries retries;
  private final BackendAnswer judge;
  private final Cover cover;
  private final FlowMeters meters;
  private final CallMeters calls;

  /**
   * As {@code properties} say: calls are made by {@code requests}, paid for by {@code retries},
   * covered by {@code cover} and judged by {@code judge}.
   */
  Hedges(
      IirProperties properties,
      BackendRequest requests,
      Protocols protocols,
      Retries retries,
      BackendAnswer judge,
      Cover cover,
      FlowMeters meters,
      CallMeters calls) {
    this.after = properties.hedge().after();
    this.requests = requests;
    this.protocols = protocols;
    this.retries = retries;
    this.judge = judge;
    this.cover = cover;
    this.meters = meters;
    this.calls = calls;
  }

  /** The call that is about to be made may get one beside it, or may not. */
  void prepare(Exchange exchange) {
    if (after.isZero()) {
      return;
    }
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    if (FASTEST.equals(Variables.STRATEGY.find(exchange))
        && Variables.REQUEST.get(exchange).operation() == Operation.CHAT
        && suits(attempts.current())
        && attempts.hasNext(Hedges::suits)) {
      Variables.HEDGE.set(exchange, new Beside(exchange));
      Variables.RELAY_CALL.set(exchange, Variables.RELAY_CALL.get(exchange).silent());
    } else {
      Variables.HEDGE.remove(exchange);
    }
  }

  private static boolean suits(Candidate target) {
    return target.resolved().onDemand() == null
        && target.resolved().provider().protocol() != Protocol.SIM;
  }

  /** The hedge of one call. */
  private final class Beside implements Hedge {

    private final Exchange exchange;
    private final Candidate firstTarget;
    private @Nullable Tally tally;
    private @Nullable Candidate target;
    private boolean firstHasFailed;
    private String provider = "";
    private List<String> dropped = List.of();

    Beside(Exchange exchange) {
      this.exchange = exchange;
      this.firstTarget = Variables.ATTEMPTS.get(exchange).current();
    }

    @Override
    public Duration after() {
      return after;
    }

    @Override
    public @Nullable Second second() {
      Attempts attempts = Variables.ATTEMPTS.get(exchange);
      Candidate next = attempts.beside(Hedges::suits, this::isPaidFor);
      if (next == null) {
        return null;
      }
      provider = next.name().provider();
      try {
        return call(attempts, next);
      } catch (UpstreamException forbidden) {
        judge.failedBeside(exchange, new Tally(0), forbidden);
      } catch (ApiException unable) {
        judge.failedBeside(exchange, new Tally(0), UpstreamException.unable(unable));
      } catch (IllegalArgumentException e) {
        AboutRequest.run(
            exchange,
            () -> LOG.info("{} cannot be asked beside another: {}", next, e.getMessage()));
      }
      attempts.settle(Side.FIRST);
      return null;
    }

    private boolean isPaidFor(Candidate target) {
      String payer = target.name().provider();
      boolean may = retries.mayHedge(payer);
      if (!may) {
        meters.backendHedge(payer, "no_budget");
      }
      return may;
    }

    private Second call(Attempts attempts, Candidate next) throws UpstreamException {
      ModelRequest request = cover.request(exchange, next);
      WireCall wire = protocols.call(request, attempts.call().resolved());
      Tally own = new Tally(request.promptTokens());
      own.calling();
      ChatTap tap =
          new ChatTap(
              own,
              request.includeUsage() ? ChatTap.UsageChunk.SHOWN : ChatTap.UsageChunk.HIDDEN,
              provider,
              request.n(),
              null);
      RelayCall call =
          requests.call(
              exchange, request, wire, CallTraces.readAlong(exchange, tap), wire.translator());
      Permit permit = Variables.PERMIT.find(exchange);
      if (permit != null) {
        call = cover.once(cover.beside(exchange, permit, next), call);
      }
      tally = own;
      target = next;
      dropped = wire.dropped();
      return new Second(call.silent(), wire.body());
    }

    @Override
    public boolean refused(Side side, int status, HttpHeaders headers, byte[] body) {
      Attempts attempts = Variables.ATTEMPTS.get(exchange);
      attempts.turnTo(side);
      String retryAfter = headers.get(HttpHeaderNames.RETRY_AFTER);
      if (judge.refusedBeside(exchange, tallyOf(side), status, body, retryAfter)) {
        return true;
      }
      leaveItToTheOther(side, false);
      return false;
    }

    @Override
    public void failed(Side side, UpstreamException failure) {
      Attempts attempts = Variables.ATTEMPTS.get(exchange);
      attempts.turnTo(side);
      judge.failedBeside(exchange, tallyOf(side), failure);
      leaveItToTheOther(side, failure.mayCost());
    }

    private Tally tallyOf(Side side) {
      Tally second = tally;
      return side == Side.SECOND && second != null ? second : Variables.TALLY.get(exchange);
    }

    private void leaveItToTheOther(Side side, boolean mayCost) {
      Attempts attempts = Variables.ATTEMPTS.get(exchange);
      Tally first = Variables.TALLY.get(exchange);
      if (side == Side.SECOND) {
        meters.backendHedge(provider, "lost");
        endSecond(first, mayCost);
        tally = null;
        attempts.settle(Side.FIRST);
      } else {
        Costs.failed(exchange, first, firstTarget.facts(), mayCost);
        firstHasFailed = true;
        attempts.settle(Side.SECOND);
      }
    }

    /** The second call has brought no answer: what it costs is the first's to bear. */
    private void endSecond(Tally first, boolean mayCost) {
      if (tally != null && target != null) {
        Costs.failed(exchange, tally, target.facts(), mayCost);
        first.asideOf(tally);
      }
    }

    @Override
    public void decided(Side side, boolean mayCost) {
      Tally second = tally;
      if (second == null) {
        return; // there was no second call, or it has failed
      }
      Variables.ATTEMPTS.get(exchange).settle(side);
      meters.backendHedge(provider, side == Side.SECOND ? "won" : "lost");
      Tally first = Variables.TALLY.get(exchange);
      Candidate other = target;
      if (side == Side.SECOND) {
        calls.ended(exchange, firstTarget.name(), first, CallMeters.CANCELLED);
      } else if (other != null) {
        calls.ended(exchange, other.name(), second, CallMeters.CANCELLED);
      }
      if (side == Side.FIRST) {
        endSecond(first, mayCost);
        return;
      }
      if (!firstHasFailed) {
        Costs.failed(exchange, first, firstTarget.facts(), mayCost);
      }
      second.asideOf(first);
      Variables.TALLY.set(exchange, second);
      BackendRequest.noteDropped(exchange, dropped);
      EventCopy copy = Variables.EVENT_COPY.find(exchange);
      if (copy != null) {
        copy.close(); // it is of the first call's stream
      }
    }
  }
}
