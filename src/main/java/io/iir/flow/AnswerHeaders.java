package io.iir.flow;

import io.iir.openai.ApiException;
import io.iir.provider.ModelName;
import io.iir.throttle.Admission;
import io.iir.throttle.RateLimitHeaders;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * The headers of every answer: made here from what the steps found out. What a provider sent, or
 * what is left of the request's, does not pass.
 */
final class AnswerHeaders {

  private AnswerHeaders() {}

  static void write(Exchange exchange) {
    Message message = exchange.getMessage();
    Object status = message.getHeader(Exchange.HTTP_RESPONSE_CODE);
    Object type = message.getHeader(Exchange.CONTENT_TYPE);
    message.removeHeaders("*");
    set(message, Exchange.HTTP_RESPONSE_CODE, status);
    set(message, Exchange.CONTENT_TYPE, type == null ? "application/json" : type);
    set(message, "x-request-id", Variables.REQUEST_ID.find(exchange));
    route(exchange, message);
    ApiException refusal = Variables.ERROR.find(exchange);
    if (refusal != null) {
      set(message, "x-iir-error-source", refusal.error().source().headerValue());
      refusal.headers().forEach(message::setHeader);
    }
    Admission admission = Variables.ADMISSION.find(exchange);
    if (admission != null) {
      RateLimitHeaders.write(admission.snapshot(), message::setHeader);
    }
    Timings timings = Variables.TIMINGS.find(exchange);
    if (timings != null) {
      set(message, "Server-Timing", timings.header());
    }
  }

  private static void route(Exchange exchange, Message message) {
    set(message, "x-iir-cache", Variables.CACHE.find(exchange));
    Long age = Variables.CACHE_AGE.find(exchange);
    set(message, "Age", age == null ? null : Long.toString(age));
    set(message, "X-Classification", Variables.CATEGORY.find(exchange));
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    if (answered != null) {
      set(message, "X-Route-Provider", answered.provider());
      set(message, "X-Route-Model", answered.model());
    }
    set(message, "X-Route-Reason", Variables.REASON.find(exchange));
  }

  private static void set(Message message, String name, @Nullable Object value) {
    if (value != null) {
      message.setHeader(name, value);
    }
  }
}
