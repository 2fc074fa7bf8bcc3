package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.backend.Tally;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.throttle.Admission;
import io.iir.throttle.Limits;
import io.iir.throttle.RateLimitError;
import io.iir.throttle.RateLimitedException;
import io.iir.throttle.RateLimiter;
import io.iir.throttle.TokenReservation;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.stereotype.Component;

/**
 * The step {@code throttle}: reads the request and takes it into the account of its key. Tokens are
 * reserved by estimate and settled by what was used when the answer has ended, also where its
 * client left it. A request that cannot be read counts as a request all the same.
 */
@Component
public final class ThrottleRoute extends RouteBuilder {

  /** A longer body takes too long to read on an event loop: 64 KiB. */
  static final int LONG_BODY = 64 << 10;

  private final RateLimiter limiter;
  private final Limits defaults;
  private final FlowMeters meters;

  /** A step that asks {@code limiter}; {@code defaults} hold for what a key leaves open. */
  public ThrottleRoute(RateLimiter limiter, Limits defaults, FlowMeters meters) {
    this.limiter = limiter;
    this.defaults = defaults;
    this.meters = meters;
  }

  @Override
  public void configure() {
    from("direct:throttle")
        .routeId("throttle")
        .description("Read the request, reserve its tokens under its key's limits, or refuse it")
        .errorHandler(noErrorHandler())
        .choice()
        .id("throttle.by-size")
        .when(ThrottleRoute::isLong)
        .id("throttle.long-body")
        .threads()
        .executorService("blocking")
        .id("throttle.off-the-loop")
        .end()
        .end()
        .process(this::admit)
        .id("throttle.admit");
  }

  private static boolean isLong(Exchange exchange) {
    return exchange.getMessage().getBody() instanceof byte[] body && body.length > LONG_BODY;
  }

  private void admit(Exchange exchange) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    Limits limits = key.limits().over(defaults);
    ChatRequest request;
    try {
      request = ChatRequest.parse(exchange.getMessage().getBody(byte[].class));
    } catch (ApiException unreadable) {
      take(key, limits, 0).settle(0);
      throw unreadable;
    }
    long tokens =
        TokenReservation.of(request.promptTokens(), request.maxTokens(), request.n(), limits.tpm());
    Admission admission = take(key, limits, tokens);
    Tally tally = new Tally(request.promptTokens());
    Variables.CHAT_REQUEST.set(exchange, request);
    Variables.ADMISSION.set(exchange, admission);
    Variables.TALLY.set(exchange, tally);
    exchange.getExchangeExtension().addOnCompletion(new Settlement(admission, tally));
  }

  private Admission take(ApiKey key, Limits limits, long tokens) {
    try {
      return limiter.admit(key.id(), limits, tokens);
    } catch (RateLimitedException refusal) {
      meters.refusal(refusal.kind().word());
      throw RateLimitError.of(refusal, key.name());
    }
  }

  /** Ends the reservation with the exchange, however it ends. */
  private static final class Settlement extends SynchronizationAdapter {

    private final Admission admission;
    private final Tally tally;

    Settlement(Admission admission, Tally tally) {
      this.admission = admission;
      this.tally = tally;
    }

    @Override
    public void onDone(Exchange exchange) {
      admission.settle(tally.totalTokens());
    }
  }
}
