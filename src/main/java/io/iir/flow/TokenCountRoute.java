package io.iir.flow;

import io.iir.config.Protocol;
import io.iir.openai.ApiException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Counts a request's tokens: asks the model that would answer it, if its protocol can count, else
 * leaves it to the estimate. So it does where that model cannot be asked.
 */
@Component
public final class TokenCountRoute extends RouteBuilder {

  private static final byte[] NOTHING = {'{', '}'};

  @Override
  public void configure() {
    from("direct:token-count")
        .routeId("token-count")
        .description("Ask a provider that can count for a request's tokens")
        .errorHandler(noErrorHandler())
        .process(TokenCountRoute::estimate)
        .id("token-count.estimate")
        .filter(TokenCountRoute::canCount)
        .id("token-count.can-count")
        .process(TokenCountRoute::askNobodyElse)
        .id("token-count.counters")
        .doTry()
        .id("token-count.try")
        .to("direct:backend-call")
        .id("token-count.ask")
        .doCatch(ApiException.class)
        .id("token-count.failed")
        .process(TokenCountRoute::estimate)
        .id("token-count.estimate-instead")
        .end()
        .end();
  }

  private static boolean canCount(Exchange exchange) {
    return Variables.ATTEMPTS.get(exchange).startsWith(Protocol.ANTHROPIC);
  }

  /** Whoever cannot count would answer the request itself, which costs. */
  private static void askNobodyElse(Exchange exchange) {
    Variables.ATTEMPTS.set(exchange, Variables.ATTEMPTS.get(exchange).only(Protocol.ANTHROPIC));
  }

  /** An answer without a count is one by estimate. */
  private static void estimate(Exchange exchange) {
    exchange.getMessage().setBody(NOTHING);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().removeHeader(Exchange.HTTP_RESPONSE_CODE);
  }
}
