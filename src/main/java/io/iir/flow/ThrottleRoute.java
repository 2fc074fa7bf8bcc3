package io.iir.flow;

import io.iir.api.ClientApi;
import io.iir.auth.ApiKey;
import io.iir.backend.Tally;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.throttle.Admission;
import io.iir.throttle.Limits;
import io.iir.throttle.RateLimitError;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.RateLimiter;
import io.iir.throttle.TokenReservation;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The step {@code throttle}: takes the request into the account of its key, then reads it, then
 * reserves its tokens. In this order, because reading a long body is work that a key over its limit
 * must not cause; a request that cannot be read counts as a request all the same. Tokens are
 * reserved by estimate and settled by what was used when the answer has ended, also where its
 * client left it.
 */
@Component
public final class ThrottleRoute extends RouteBuilder {

  /** A longer body takes too long to read on an event loop: 64 KiB. */
  static final int LONG_BODY = 64 << 10;

  private final RateLimiter limiter;
  private final Limits defaults;
  private final FlowMeters meters;
  private final Settlements settlements;

  /** A step that asks {@code limiter}; {@code defaults} hold for what a key leaves open. */
  ThrottleRoute(RateLimiter limiter, Limits defaults, FlowMeters meters, Settlements settlements) {
    this.limiter = limiter;
    this.defaults = defaults;
    this.meters = meters;
    this.settlements = settlements;
  }

  @Override
  public void configure() {
    from("direct:throttle")
        .routeId("throttle")
        .description(
            "Admit the request under its key's limits, read it, reserve its tokens, or refuse")
        .errorHandler(noErrorHandler())
        .process(this::admit)
        .id("throttle.admit")
        .choice()
        .id("throttle.by-size")
        .when(ThrottleRoute::isLong)
        .id("throttle.long-body")
        .threads()
        .executorService(FlowConfiguration.BLOCKING)
        .id("throttle.off-the-loop")
        .end()
        .end()
        .process(this::read)
        .id("throttle.read");
  }

  private static boolean isLong(Exchange exchange) {
    return exchange.getMessage().getBody() instanceof byte[] body && body.length > LONG_BODY;
  }

  private void admit(Exchange exchange) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    try {
      Admission admission = limiter.admit(key.id(), limits(key));
      Variables.ADMISSION.set(exchange, admission);
      settlements.begin(exchange);
    } catch (RateLimitedException refusal) {
      throw refused(refusal, key);
    }
  }

  private void read(Exchange exchange) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    ModelRequest request = parse(exchange);
    try {
      Variables.ADMISSION
          .get(exchange)
          .reserve(
              TokenReservation.of(
                  request.promptTokens(), request.maxTokens(), request.n(), limits(key).tpm()));
    } catch (RateLimitedException refusal) {
      throw refused(refusal, key);
    }
    Variables.REQUEST.set(exchange, request);
    Variables.TALLY.set(exchange, new Tally(request.promptTokens()));
  }

  private static ModelRequest parse(Exchange exchange) {
    byte[] body = exchange.getMessage().getBody(byte[].class);
    ClientApi api = Variables.API.find(exchange);
    return api == null
        ? ChatRequest.parse(body)
        : api.read(body, exchange.getMessage().getHeader(Exchange.CONTENT_TYPE, "", String.class));
  }

  private Limits limits(ApiKey key) {
    return key.limits().over(defaults);
  }

  private ApiException refused(RateLimitedException refusal, ApiKey key) {
    meters.refusal(refusal.kind().word());
    return RateLimitError.of(refusal, key.name());
  }
}
