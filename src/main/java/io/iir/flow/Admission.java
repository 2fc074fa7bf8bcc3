package io.iir.flow;

import io.iir.api.ClientApi;
import io.iir.auth.ApiKey;
import io.iir.backend.Tally;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.throttle.Charge;
import io.iir.throttle.Limiter;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import io.iir.throttle.TokenReservation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Reads a request and takes it from all of its limits: one request, a place, its estimated tokens
 * and what it may cost. Where the answer is not there at once the exchange goes on when it is,
 * where {@link NextThread} says. A request that cannot be read counts as one, of no tokens. What
 * was taken is settled by what was used when the answer has ended, also where its client left it.
 */
@Component
final class Admission extends AsyncProcessorSupport {

  private final Limiter limiter;
  private final Quotas quotas;
  private final Wishes wishes;
  private final Reservations reservations;
  private final FlowMeters meters;
  private final Settlements settlements;
  private final Executor blocking;

  /**
   * Admits by {@code limiter}; what is admitted is settled by {@code settlements}.
   *
   * @param blocking where long requests go on
   */
  Admission(
      Limiter limiter,
      Quotas quotas,
      Wishes wishes,
      Reservations reservations,
      FlowMeters meters,
      Settlements settlements,
      @Qualifier(FlowConfiguration.BLOCKING) Executor blocking) {
    this.reservations = reservations;
    this.limiter = limiter;
    this.quotas = quotas;
    this.wishes = wishes;
    this.meters = meters;
    this.settlements = settlements;
    this.blocking = blocking;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    ApiException unreadable = null;
    Charge charge;
    try {
      ModelRequest request = parse(exchange);
      Variables.REQUEST.set(exchange, request);
      charge = charge(exchange, request);
    } catch (ApiException e) {
      unreadable = e;
      charge = new Charge(quotas.of(Variables.PRINCIPAL.get(exchange)), 0, 0);
    }
    ApiException failure = unreadable;
    Executor next = NextThread.of(exchange, blocking);
    CompletableFuture<Permit> answer = limiter.acquire(charge);
    if (answer.isDone()) {
      answer.whenComplete((permit, refusal) -> end(exchange, permit, refusal, failure));
      callback.done(true);
      return true;
    }
    answer.whenCompleteAsync(
        (permit, refusal) -> {
          end(exchange, permit, refusal, failure);
          callback.done(false);
        },
        next);
    return false;
  }

  private Charge charge(Exchange exchange, ModelRequest request) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    String model =
        wishes.exactly(request.model(), exchange.getMessage().getHeader("x-routing-strategy"));
    List<Quota> concerned =
        model == null || !key.mayCall(model) ? quotas.of(key) : quotas.of(key, model);
    long tokens =
        TokenReservation.of(
            request.promptTokens(), request.maxTokens(), request.n(), Quotas.tpm(concerned));
    long most =
        model != null && Cover.hasBudget(concerned) ? reservations.nanoUsd(request, model) : 0;
    return new Charge(concerned, tokens, most);
  }

  private static ModelRequest parse(Exchange exchange) {
    byte[] body = exchange.getMessage().getBody(byte[].class);
    ClientApi api = Variables.API.find(exchange);
    return api == null
        ? ChatRequest.parse(body)
        : api.read(body, exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class));
  }

  private void end(
      Exchange exchange,
      @Nullable Permit permit,
      @Nullable Throwable refusal,
      @Nullable ApiException unreadable) {
    if (permit != null) {
      Variables.PERMIT.set(exchange, permit);
      settlements.begin(exchange);
    }
    if (refusal != null) {
      exchange.setException(Refusals.of(refusal, meters));
    } else if (unreadable != null) {
      exchange.setException(unreadable);
    } else {
      ModelRequest request = Variables.REQUEST.get(exchange);
      Variables.TALLY.set(exchange, new Tally(request.promptTokens()));
    }
  }
}
