package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.auth.ApiKeys;
import io.iir.auth.KeyLookups;
import io.iir.auth.Lookup;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * The step {@code authenticate}: who calls, told from the {@code Authorization} header or, without
 * one, from {@code x-api-key}; it removes both, for nothing behind it may see or pass on the
 * secret. Refuses with one and the same 401 whatever is wrong.
 *
 * <p>Runs on the event loop as long as memory knows the key. Else the rest of the exchange goes on
 * on a virtual thread; or is refused with 503 where too many unknown keys are being looked up, for
 * this one may be good.
 */
@Component
public class AuthenticateRoute extends RouteBuilder {

  private static final String AUTHORIZATION = "Authorization";

  /** Where clients of Anthropic's API send their key. */
  static final String API_KEY = "x-api-key";

  private static final ApiError INVALID_API_KEY =
      ApiError.invalid(
          401,
          "invalid_api_key",
          "No valid API key was given. Send 'Authorization: Bearer <key>' with a key of this"
              + " gateway that has neither expired nor been revoked.",
          null);
  private static final Map<String, String> CHALLENGE = Map.of("WWW-Authenticate", "Bearer");

  private static final ApiError TOO_MANY_LOOKUPS =
      ApiError.server(
          503,
          "no_target_available",
          "the gateway is looking up as many unknown API keys as it can; try again");
  private static final Map<String, String> SOON = Map.of("Retry-After", "1");

  private final ApiKeys keys;
  private final KeyLookups lookups;

  /** The step over {@code keys}, which are asked for by {@code lookups}. */
  public AuthenticateRoute(ApiKeys keys, KeyLookups lookups) {
    this.keys = keys;
    this.lookups = lookups;
  }

  @Override
  public void configure() {
    from("direct:authenticate")
        .routeId("authenticate")
        .description("Tells who calls by the API key, or refuses with 401")
        .errorHandler(noErrorHandler())
        .process(this::identify)
        .id("authenticate.identify")
        .choice()
        .id("authenticate.lookup")
        .when(AuthenticateRoute::isUnknown)
        .id("authenticate.unknown")
        .threads()
        .executorService(FlowConfiguration.BLOCKING)
        .id("authenticate.blocking")
        .to("direct:key-lookup")
        .id("authenticate.ask")
        .process(AuthenticateRoute::admit)
        .id("authenticate.admit")
        .endChoice()
        .when(AuthenticateRoute::isRefreshDue)
        .id("authenticate.refresh-due")
        .wireTap("direct:key-lookup")
        .dynamicUri(false)
        .onPrepare(FlowState::fork)
        .executorService(FlowConfiguration.BLOCKING)
        .id("authenticate.refresh")
        .process(Variables.KEY_HASH::remove) // the copy that asks has its own; rules need none
        .id("authenticate.forget-hash")
        .endChoice()
        .end();
  }

  private void identify(Exchange exchange) {
    // Several Authorization headers arrive joined by commas or as a list: neither is a key.
    Object header = exchange.getMessage().removeHeader(AUTHORIZATION);
    Object other = exchange.getMessage().removeHeader(API_KEY);
    if (header == null && other != null) {
      header = "Bearer " + other;
    }
    Lookup known = keys.identify(header instanceof String text ? text : null);
    Lookup lookup = known instanceof Lookup.Question open ? join(open) : known;
    Variables.LOOKUP.set(exchange, lookup);
    Lookup.Question question = KeyLookupRoute.question(lookup);
    if (question != null) {
      Variables.KEY_HASH.set(exchange, question.hash().hex());
    }
    if (!(lookup instanceof Lookup.Asked)) {
      admit(exchange);
    }
  }

  private Lookup.Asked join(Lookup.Question question) {
    Lookup.Asked asked = lookups.join(question);
    if (asked == null) {
      throw new ApiException(TOO_MANY_LOOKUPS, SOON);
    }
    return asked;
  }

  private static boolean isUnknown(Exchange exchange) {
    return Variables.LOOKUP.get(exchange) instanceof Lookup.Asked;
  }

  private static boolean isRefreshDue(Exchange exchange) {
    return KeyLookupRoute.question(Variables.LOOKUP.get(exchange)) != null;
  }

  private static void admit(Exchange exchange) {
    if (!(Variables.LOOKUP.get(exchange) instanceof Lookup.Known known)) {
      throw new ApiException(INVALID_API_KEY, CHALLENGE);
    }
    ApiKey key = known.key();
    Variables.PRINCIPAL.set(exchange, key);
    Variables.KEY.set(exchange, key.name());
    Variables.TAGS.set(exchange, key.tags());
    String team = key.team();
    if (team != null) {
      Variables.TEAM.set(exchange, team);
    }
  }
}
