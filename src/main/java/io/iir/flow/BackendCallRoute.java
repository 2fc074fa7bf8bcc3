package io.iir.flow;

import io.iir.config.Protocol;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The step {@code backend-call}: asks the targets one after the other until one answers, and when
 * none is left, one that may be asked once more. Once a byte of an answer is on its way to the
 * client, no other target is asked.
 */
@Component
public final class BackendCallRoute extends RouteBuilder {

  private final BackendRequest request;
  private final BackendAnswer answer;
  private final Cover cover;
  private final Retries retries;
  private final StreamResume resume;
  private final Hedges hedges;

  /**
   * A step that asks by {@code request} whom {@code cover} lets it ask, judges by {@code answer},
   * repeats by {@code retries}, and goes on with streams by {@code resume}, and asks two at a time
   * by {@code hedges}.
   */
  public BackendCallRoute(
      BackendRequest request,
      Cover cover,
      BackendAnswer answer,
      Retries retries,
      StreamResume resume,
      Hedges hedges) {
    this.hedges = hedges;
    this.resume = resume;
    this.request = request;
    this.cover = cover;
    this.answer = answer;
    this.retries = retries;
  }

  @Override
  public void configure() {
    from("direct:backend-call")
        .routeId("backend-call")
        .description("Ask the targets in order until one answers")
        .errorHandler(noErrorHandler())
        .loopDoWhile(exchange -> Variables.ATTEMPTS.get(exchange).goOn())
        .id("backend-call.each-target")
        .process(request)
        .id("backend-call.request")
        .process(cover)
        .id("backend-call.cover")
        .filter(exchange -> Variables.CALL_FAILURE.find(exchange) == null)
        .id("backend-call.callable")
        .process(retries::pause)
        .id("backend-call.pause")
        .process(resume::watch)
        .id("backend-call.resume")
        .process(hedges::prepare)
        .id("backend-call.hedge")
        .choice()
        .id("backend-call.protocol")
        .when(BackendCallRoute::isSimulated)
        .id("backend-call.simulated")
        .to("direct:sim")
        .id("backend-call.sim")
        .when(BackendCallRoute::isStartedOnDemand)
        .id("backend-call.on-demand")
        .to("direct:local-model")
        .id("backend-call.local-model")
        .otherwise()
        .to("{{gateway.backend-uri:relay:provider}}")
        .id("backend-call.http")
        .end()
        .end()
        .process(answer::judge)
        .id("backend-call.judge")
        .process(retries::decide)
        .id("backend-call.retry")
        .end()
        .process(BackendCallRoute::mustBeAnswered)
        .id("backend-call.answered");
  }

  /** Where no target lets a call through, none was asked. */
  private static void mustBeAnswered(Exchange exchange) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    if (!attempts.answered()) {
      throw AllTargetsFailed.explain(attempts);
    }
  }

  private static boolean isStartedOnDemand(Exchange exchange) {
    return Variables.ATTEMPTS.get(exchange).current().resolved().onDemand() != null;
  }

  private static boolean isSimulated(Exchange exchange) {
    return Variables.ATTEMPTS.get(exchange).current().resolved().provider().protocol()
        == Protocol.SIM;
  }
}
