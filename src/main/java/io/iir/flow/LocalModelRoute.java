package io.iir.flow;

import io.iir.backend.Origin;
import io.iir.backend.UpstreamException;
import io.iir.backend.UpstreamException.Kind;
import io.iir.flow.relay.RelayCall;
import io.iir.local.Lease;
import io.iir.local.LocalModel;
import io.iir.local.LocalModels;
import io.iir.local.NotReadyException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.stereotype.Component;

/**
 * The route {@code local-model}: what backend-call asks for a model whose server is started on
 * demand. It holds the model until the exchange is done, and calls it once it is ready; the client
 * of a stream gets comments meanwhile.
 */
@Component
public final class LocalModelRoute extends RouteBuilder {

  private final LocalModels models;

  /** A route that starts {@code models}. */
  public LocalModelRoute(LocalModels models) {
    this.models = models;
  }

  @Override
  public void configure() {
    from("direct:local-model")
        .routeId("local-model")
        .description("Call a model of this machine, which is started first if need be")
        .errorHandler(noErrorHandler())
        .process(this::hold)
        .id("local-model.hold")
        .to("{{gateway.backend-uri:relay:provider}}")
        .id("local-model.http");
  }

  private void hold(Exchange exchange) {
    if (!(Variables.ATTEMPTS.get(exchange).current().resolved().onDemand()
        instanceof LocalModel model)) {
      throw new IllegalStateException("the target is not started on demand");
    }
    Lease before = Variables.LEASE.remove(exchange);
    if (before != null) {
      before.release(); // that attempt is over, and this model may need its memory
    }
    Lease lease = models.acquire(model);
    Variables.LEASE.set(exchange, lease);
    if (!lease.ready().isDone()) {
      Variables.ATTEMPTS.get(exchange).call().waits();
    }
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                lease.release();
              }
            });
    CompletableFuture<Origin> opening =
        lease
            .ready()
            .thenApply(Origin::of)
            .exceptionallyCompose(failure -> CompletableFuture.failedFuture(explained(failure)));
    RelayCall call = Variables.RELAY_CALL.get(exchange);
    CompletableFuture<Origin> pause = call.opening();
    Variables.RELAY_CALL.set(
        exchange, call.after(pause == null ? opening : pause.thenCompose(passed -> opening)));
  }

  private static UpstreamException explained(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
    return cause instanceof NotReadyException late
        ? new UpstreamException(
            Kind.NOT_READY,
            String.valueOf(late.getMessage()),
            Long.toString(late.retryAfterSeconds()))
        : new UpstreamException(Kind.NOT_READY, "is not ready: " + cause);
  }
}
