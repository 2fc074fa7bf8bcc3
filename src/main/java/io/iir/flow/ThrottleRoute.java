package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.metrics.FlowMeters;
import io.iir.throttle.Limiter;
import io.iir.throttle.RateLimitedException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The step {@code throttle}: refuses the request at once if memory knows that one of its limits is
 * reached, then reads it, then takes it from all of its limits in one step. In this order, because
 * reading a long body is work that a key over its limit must not cause.
 */
@Component
public final class ThrottleRoute extends RouteBuilder {

  /** A longer body takes too long to read on an event loop: 64 KiB. */
  static final int LONG_BODY = 64 << 10;

  private final Limiter limiter;
  private final Quotas quotas;
  private final Admission admission;
  private final FlowMeters meters;

  /** A step that asks {@code limiter} about {@code quotas}. */
  public ThrottleRoute(Limiter limiter, Quotas quotas, Admission admission, FlowMeters meters) {
    this.limiter = limiter;
    this.quotas = quotas;
    this.admission = admission;
    this.meters = meters;
  }

  @Override
  public void configure() {
    from("direct:throttle")
        .routeId("throttle")
        .description("Reads the request and takes it from all of its limits, or refuses")
        .errorHandler(noErrorHandler())
        .process(this::refuse)
        .id("throttle.refuse")
        .choice()
        .id("throttle.by-size")
        .when(ThrottleRoute::isLong)
        .id("throttle.long-body")
        .threads()
        .executorService(FlowConfiguration.BLOCKING)
        .id("throttle.off-the-loop")
        .end()
        .end()
        .process(admission)
        .id("throttle.admit");
  }

  private static boolean isLong(Exchange exchange) {
    return exchange.getMessage().getBody() instanceof byte[] body && body.length > LONG_BODY;
  }

  private void refuse(Exchange exchange) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    RateLimitedException refusal = limiter.refusal(quotas.of(key));
    if (refusal != null) {
      throw Refusals.of(refusal, meters);
    }
  }
}
