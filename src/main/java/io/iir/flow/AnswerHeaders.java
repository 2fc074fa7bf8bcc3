package io.iir.flow;

import io.iir.classify.Classification;
import io.iir.openai.ApiException;
import io.iir.provider.ModelName;
import io.iir.throttle.Permit;
import io.iir.throttle.RateLimitHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * The headers of every answer: made here from what the steps found out. What a provider sent, or
 * what is left of the request's, does not pass.
 */
public final class AnswerHeaders {

  private static final AsciiString CONTENT_TYPE = AsciiString.cached("Content-Type");
  private static final AsciiString REQUEST_ID = AsciiString.cached(RequestIds.HEADER);
  private static final AsciiString ERROR_SOURCE = AsciiString.cached("x-iir-error-source");
  private static final AsciiString SERVER_TIMING = AsciiString.cached("Server-Timing");
  private static final AsciiString CACHE = AsciiString.cached("x-iir-cache");
  private static final AsciiString AGE = AsciiString.cached("Age");
  private static final AsciiString CLASSIFICATION = AsciiString.cached("X-Classification");
  private static final AsciiString PROVIDER = AsciiString.cached("X-Route-Provider");
  private static final AsciiString MODEL = AsciiString.cached("X-Route-Model");
  private static final AsciiString DROPPED = AsciiString.cached("x-iir-dropped");
  private static final AsciiString REPLAYED = AsciiString.cached("Idempotent-Replayed");
  private static final AsciiString IDEMPOTENCY = AsciiString.cached("x-iir-idempotency");
  private static final AsciiString REASON = AsciiString.cached("X-Route-Reason");

  /** A longer name of a field is cut. */
  private static final int LONGEST_NAME = 100;

  private AnswerHeaders() {}

  /** Hands each header of the exchange's answer to {@code out}, name then value. */
  public static void write(Exchange exchange, BiConsumer<CharSequence, String> out) {
    Object type = exchange.getMessage().getHeader(Exchange.CONTENT_TYPE);
    out.accept(CONTENT_TYPE, type == null ? "application/json" : type.toString());
    set(out, REQUEST_ID, Variables.REQUEST_ID.find(exchange));
    route(exchange, out);
    List<String> dropped = Variables.DROPPED.find(exchange);
    set(out, DROPPED, dropped == null ? null : names(dropped));
    idempotency(exchange, out);
    ApiException refusal = Variables.ERROR.find(exchange);
    if (refusal != null) {
      set(out, ERROR_SOURCE, refusal.error().source().headerValue());
      refusal.headers().forEach(out);
    }
    Map<String, String> more = Variables.ANSWER_HEADERS.find(exchange);
    if (more != null) {
      more.forEach(out);
    }
    Permit permit = Variables.PERMIT.find(exchange);
    if (permit != null) {
      RateLimitHeaders.write(permit.snapshot(), out);
    }
    Timings timings = Variables.TIMINGS.find(exchange);
    if (timings != null) {
      set(out, SERVER_TIMING, timings.header());
    }
  }

  /** Puts them into the message, where the engine of Camel's starter takes them from. */
  static void putInto(Exchange exchange) {
    Message message = exchange.getMessage();
    Object status = message.getHeader(Exchange.HTTP_RESPONSE_CODE);
    Object type = message.getHeader(Exchange.CONTENT_TYPE);
    message.removeHeaders("*");
    if (status != null) {
      message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    }
    if (type != null) {
      message.setHeader(Exchange.CONTENT_TYPE, type);
    }
    write(exchange, (name, value) -> message.setHeader(name.toString(), value));
  }

  private static void route(Exchange exchange, BiConsumer<CharSequence, String> out) {
    set(out, CACHE, Variables.CACHE.find(exchange));
    Long age = Variables.CACHE_AGE.find(exchange);
    set(out, AGE, age == null ? null : Long.toString(age));
    Classification found = Variables.CLASSIFICATION.find(exchange);
    set(out, CLASSIFICATION, found == null ? null : found.headerValue());
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    if (answered != null) {
      set(out, PROVIDER, answered.provider());
      set(out, MODEL, answered.model());
    }
    set(out, REASON, Variables.REASON.find(exchange));
  }

  private static void idempotency(Exchange exchange, BiConsumer<CharSequence, String> out) {
    String word = Variables.IDEMPOTENCY.find(exchange);
    if (IdempotencyStep.REPLAYED.equals(word)) {
      out.accept(REPLAYED, "true");
    } else {
      set(out, IDEMPOTENCY, word);
    }
  }

  /** Names of fields, which clients choose: nothing in them may end the header. */
  private static String names(List<String> fields) {
    StringBuilder names = new StringBuilder();
    for (String field : fields) {
      names.append(names.isEmpty() ? "" : ", ");
      int length = Math.min(field.length(), LONGEST_NAME);
      for (int i = 0; i < length; i++) {
        char c = field.charAt(i);
        names.append(c > ' ' && c < 0x7f && c != ',' ? c : '?');
      }
    }
    return names.toString();
  }

  private static void set(
      BiConsumer<CharSequence, String> out, AsciiString name, @Nullable String value) {
    if (value != null) {
      out.accept(name, value);
    }
  }
}
