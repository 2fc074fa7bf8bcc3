package io.iir.flow;

import io.iir.config.IirProperties;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import io.iir.provider.Candidate;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The route {@code judge}: how the gateway itself asks a model, within limits and budgets and
 * written into the ledger as any request is; rules do not decide who answers, and neither the cache
 * nor traces hold what is said.
 */
@Component
public final class JudgeRoute extends RouteBuilder {

  /** The route's id, and how the ledger and metrics name it. */
  static final String ID = "judge";

  /** How it is called. */
  static final String URI = "direct:" + ID;

  private final ProviderDirectory directory;
  private final Duration timeout;

  /**
   * A route to the models of {@code directory}; {@code properties} say how long a call may take.
   */
  public JudgeRoute(ProviderDirectory directory, IirProperties properties) {
    this.directory = directory;
    this.timeout = properties.classify().judge().timeout();
  }

  @Override
  public void configure() {
    from(URI)
        .routeId(ID)
        .description("Asks a model on the gateway's own account, to compare answers")
        .errorHandler(noErrorHandler())
        .to("direct:throttle")
        .id("judge.throttle")
        .process(this::target)
        .id("judge.target")
        .to("direct:backend-call")
        .id("judge.backend-call");
  }

  /** Who is to answer: the model that is named and no other, if it need not be started. */
  private void target(Exchange exchange) {
    ModelRequest request = Variables.REQUEST.get(exchange);
    Candidate target = directory.candidate(ModelName.parse(request.model(), List::of));
    if (target == null || !target.isReady()) {
      throw new ApiException(
          ApiError.server(503, "no_target_available", "the model is not there, or does not run"));
    }
    Variables.ATTEMPTS.set(
        exchange,
        new Attempts(List.of(target), Map.of(), timeout, directory.traffic(), request::prefixHash));
  }
}
