package io.iir.flow;

import io.iir.openai.ApiException;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteConfigurationBuilder;
import org.springframework.stereotype.Component;

/**
 * How every entry answers when a step refuses or fails: the route configuration {@code
 * openai-errors}, which entries name.
 */
@Component
public final class ErrorRouteConfiguration extends RouteConfigurationBuilder {

  /** The configuration's id. */
  public static final String ID = "openai-errors";

  @Override
  public void configuration() {
    routeConfiguration(ID)
        .onException(Throwable.class)
        .handled(true)
        .process(ErrorRouteConfiguration::answer)
        .id("openai-errors.answer");
  }

  private static void answer(Exchange exchange) {
    Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    ApiException refusal = ErrorMapper.map(failure);
    Variables.ERROR.set(exchange, refusal);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, refusal.error().status());
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(refusal.error().toJson());
  }
}
