package io.iir.flow;

import io.iir.backend.Origin;
import io.iir.backend.Tally;
import io.iir.backend.UpstreamException;
import io.iir.flow.relay.RelayCall;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ModelRequest;
import io.iir.provider.Candidate;
import io.iir.provider.ModelName;
import io.iir.throttle.Charge;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import io.iir.throttle.RateLimitError;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.Scope;
import io.iir.throttle.TokenReservation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Has what a request holds of its limits cover the call that is about to be made: the limits of its
 * model, and what it may cost at most where a budget has to last. A target that a limit or a budget
 * forbids is passed over as one that has failed. Where the limiter does not answer at once, the
 * exchange goes on when it does, where {@link NextThread} says. Thread-safe.
 */
@Component
final class Cover extends AsyncProcessorSupport {

  private final Quotas quotas;
  private final Reservations reservations;
  private final FlowMeters meters;
  private final Executor blocking;

  /**
   * Covers by {@code quotas} of models and the bounds that {@code reservations} reckon.
   *
   * @param blocking where long requests go on
   */
  Cover(
      Quotas quotas,
      Reservations reservations,
      FlowMeters meters,
      @Qualifier(FlowConfiguration.BLOCKING) Executor blocking) {
    this.quotas = quotas;
    this.reservations = reservations;
    this.meters = meters;
    this.blocking = blocking;
  }

  /** Whether one of {@code quotas} has a budget. */
  static boolean hasBudget(List<Quota> quotas) {
    for (int i = 0; i < quotas.size(); i++) {
      if (quotas.get(i).budget() != null) {
        return true;
      }
    }
    return false;
  }

  /** The request as it is sent to {@code target}: limited where a budget has to last. */
  ModelRequest request(Exchange exchange, Candidate target) {
    ModelRequest request = Variables.REQUEST.get(exchange);
    Permit permit = Variables.PERMIT.find(exchange);
    return permit != null && hasBudget(permit.charge().quotas())
        ? reservations.limited(request, target.facts())
        : request;
  }

  /**
   * Whether the answer of {@code answered} may end where it does because the gateway limited it so
   * that a budget lasts, not its client.
   */
  boolean cuts(Exchange exchange, ModelName answered) {
    return (Variables.REQUEST.get(exchange).n() > 1
            || "length".equals(Variables.TALLY.get(exchange).finishReason()))
        && limits(exchange, answered);
  }

  private boolean limits(Exchange exchange, ModelName answered) {
    Permit permit = Variables.PERMIT.find(exchange);
    return permit != null
        && hasBudget(permit.charge().quotas())
        && reservations.limits(Variables.REQUEST.get(exchange), answered);
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Permit permit = Variables.PERMIT.find(exchange);
    Charge wanted =
        permit == null || Variables.CALL_FAILURE.find(exchange) != null
            ? null
            : alone(exchange, permit);
    if (permit == null || wanted == null) {
      callback.done(true);
      return true;
    }
    CompletableFuture<Permit> answer = permit.cover(wanted);
    if (answer.isDone()) {
      answer.whenComplete((covered, failure) -> note(exchange, failure));
      callback.done(true);
      return true;
    }
    answer.whenCompleteAsync(
        (covered, failure) -> {
          note(exchange, failure);
          callback.done(false);
        },
        NextThread.of(exchange, blocking));
    return false;
  }

  private void note(Exchange exchange, @Nullable Throwable failure) {
    if (failure == null) {
      return;
    }
    if (cause(failure) instanceof RateLimitedException refusal) {
      Variables.CALL_FAILURE.set(exchange, forbidden(refusal));
    } else {
      exchange.setException(Refusals.of(failure, meters));
    }
  }

  private UpstreamException forbidden(RateLimitedException refusal) {
    meters.refusal(refusal.kind().word(), refusal.quota().subject().scope().word());
    return UpstreamException.forbidden(RateLimitError.message(refusal), refusal);
  }

  /** What the call to the current target takes; null: the request holds enough. */
  private @Nullable Charge alone(Exchange exchange, Permit permit) {
    Candidate target = Variables.ATTEMPTS.get(exchange).current();
    Charge held = permit.charge();
    List<Quota> models = quotas.ofModel(target.name().id());
    long most = 0;
    if (hasBudget(held.quotas())) {
      Tally tally = Variables.TALLY.get(exchange);
      ModelRequest request = Variables.REQUEST.get(exchange);
      most = tally.nanoUsdAside() + reservations.nanoUsd(request, target.facts());
    }
    return most <= held.nanoUsd() && isOf(held.quotas(), models)
        ? null
        : charge(exchange, held, models, most);
  }

  /**
   * What is held if {@code models} take the place of others of models. Of them it takes no more
   * tokens than fit, as {@link TokenReservation} says; the others have given what is held.
   */
  private static Charge charge(Exchange exchange, Charge held, List<Quota> models, long nanoUsd) {
    int prompt = Variables.REQUEST.get(exchange).promptTokens();
    long tokens = TokenReservation.within(held.tokens(), prompt, Quotas.tpm(models));
    return new Charge(with(held.quotas(), models), tokens, nanoUsd);
  }

  /** Covers a call to {@code target} beside the one that runs. */
  CompletableFuture<Permit> beside(Exchange exchange, Permit permit, Candidate target) {
    Charge held = permit.charge();
    List<Quota> models = new ArrayList<>(models(held.quotas()));
    for (Quota quota : quotas.ofModel(target.name().id())) {
      if (!models.contains(quota)) {
        models.add(quota);
      }
    }
    long more =
        hasBudget(held.quotas())
            ? reservations.nanoUsd(Variables.REQUEST.get(exchange), target.facts())
            : 0;
    return permit.cover(charge(exchange, held, models, held.nanoUsd() + more));
  }

  /**
   * Covers a call to {@code target} that goes on with an answer.
   *
   * @param request what it is asked
   */
  CompletableFuture<Permit> after(
      Exchange exchange, Permit permit, Candidate target, ModelRequest request) {
    Charge held = permit.charge();
    Tally tally = Variables.TALLY.get(exchange);
    long most =
        hasBudget(held.quotas())
            ? tally.nanoUsdAside()
                + tally.nanoUsdBefore()
                + reservations.nanoUsd(request, target.facts())
            : 0;
    return permit.cover(
        charge(exchange, held, quotas.ofModel(target.name().id()), most),
        tally.promptTokens() + tally.completionTokens()); // the model that is left has used them
  }

  /**
   * {@code call}, which is made when {@code covered} is done, or not at all.
   *
   * @throws UpstreamException if it is known already that it may not be made
   */
  RelayCall once(CompletableFuture<Permit> covered, RelayCall call) throws UpstreamException {
    if (covered.isDone() && !covered.isCompletedExceptionally()) {
      return call;
    }
    if (covered.isDone()) {
      throw explained(covered.exceptionNow());
    }
    CompletableFuture<Origin> opening = call.opening();
    return call.after(
        covered
            .exceptionallyCompose(failure -> CompletableFuture.failedFuture(explained(failure)))
            .thenCompose(permit ->
                opening == null ? CompletableFuture.completedFuture(call.origin()) : opening));
  }

  private UpstreamException explained(Throwable failure) {
    Throwable cause = cause(failure);
    return cause instanceof RateLimitedException refusal
        ? forbidden(refusal)
        : new UpstreamException(
            UpstreamException.Kind.NOT_READY, "its limits cannot be checked: " + cause);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private static List<Quota> models(List<Quota> all) {
    return all.stream().filter(quota -> quota.subject().scope() == Scope.MODEL).toList();
  }

  /** Whether those of models among {@code held} are {@code models}. */
  private static boolean isOf(List<Quota> held, List<Quota> models) {
    int found = 0;
    for (int i = 0; i < held.size(); i++) {
      Quota quota = held.get(i);
      if (quota.subject().scope() == Scope.MODEL) {
        if (found >= models.size() || !models.get(found).equals(quota)) {
          return false;
        }
        found++;
      }
    }
    return found == models.size();
  }

  /** {@code held}, in which {@code models} take the place of others of models. */
  private static List<Quota> with(List<Quota> held, List<Quota> models) {
    List<Quota> all = new ArrayList<>(held.size() + models.size());
    boolean placed = false;
    for (Quota quota : held) {
      Scope scope = quota.subject().scope();
      if (scope == Scope.GATEWAY && !placed) {
        all.addAll(models);
        placed = true;
      }
      if (scope != Scope.MODEL) {
        all.add(quota);
      }
    }
    if (!placed) {
      all.addAll(models);
    }
    return all;
  }
}
