package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.auth.ApiKeys;
import io.iir.auth.KeyLookups;
import io.iir.auth.Lookup;
import io.iir.config.IirProperties;
import io.iir.config.StateSettings;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * The step {@code authenticate}: who calls, told from the {@code Authorization} header or, without
 * one, from {@code x-api-key}; it removes both, for nothing behind it may see or pass on the
 * secret. Refuses with one and the same 401 whatever is wrong.
 *
 * <p>Runs on the event loop. Where memory does not know the key, a copy of the exchange asks the
 * database on a virtual thread and this one waits, blocking nothing: see {@link KeyWait}. It is
 * refused with 503 where too many unknown keys are being looked up, or where the database does not
 * answer, for this one may be good.
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
  static final Map<String, String> SOON = Map.of("Retry-After", "1");

  private final ApiKeys keys;
  private final KeyLookups lookups;
  private final KeyWait wait;
  private final boolean open;

  /** The step over {@code keys}, which are asked for by {@code lookups}. */
  public AuthenticateRoute(
      ApiKeys keys,
      KeyLookups lookups,
      IirProperties properties,
      @Qualifier(FlowConfiguration.BLOCKING) Executor blocking) {
    this.keys = keys;
    this.lookups = lookups;
    this.open = properties.state().onFailure().keys() == StateSettings.Mode.OPEN;
    this.wait = new KeyWait(keys, lookups, open, blocking);
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
        .when(AuthenticateRoute::asks)
        .id("authenticate.asks")
        .wireTap("direct:key-lookup")
        .dynamicUri(false)
        .onPrepare(FlowState::fork)
        .executorService(FlowConfiguration.BLOCKING)
        .id("authenticate.ask")
        .process(Variables.KEY_HASH::remove) // the copy that asks has its own; rules need none
        .id("authenticate.forget-hash")
        .end() // of the wire tap
        .end() // of the choice: who waits for another's question waits, too
        .process(wait)
        .id("authenticate.wait");
  }

  private void identify(Exchange exchange) {
    // Several Authorization headers arrive joined by commas or as a list: neither is a key.
    Object header = exchange.getMessage().removeHeader(AUTHORIZATION);
    Object other = exchange.getMessage().removeHeader(API_KEY);
    if (header == null && other != null) {
      header = "Bearer " + other;
    }
    boolean isAway = lookups.isStoreAway();
    Lookup lookup =
        keys.identify(
            header instanceof String text ? text : null,
            isAway && open ? ApiKeys.Store.AWAY : ApiKeys.Store.ANSWERS);
    switch (lookup) {
      case Lookup.Known known -> {
        admit(exchange, known);
        ask(exchange, known.refresh());
      }
      case Lookup.Question question -> {
        boolean mayWait = question.caller() == Lookup.Caller.STRANGER && lookups.isStoreSlow();
        if (isAway && !mayWait) {
          throw KeyWait.storeIsAway();
        }
        ask(exchange, question);
      }
      default -> throw invalidKey();
    }
  }

  private void ask(Exchange exchange, Lookup.@Nullable Question question) {
    if (question != null) {
      Lookup.Asked asked = lookups.join(question);
      if (asked == null) {
        throw new ApiException(TOO_MANY_LOOKUPS, SOON);
      }
      Variables.LOOKUP.set(exchange, asked);
      if (asked.part() == Lookup.Part.ASKS) {
        Variables.KEY_HASH.set(exchange, question.hash().hex());
      }
    }
  }

  private static boolean asks(Exchange exchange) {
    return Variables.LOOKUP.find(exchange) instanceof Lookup.Asked asked
        && asked.part() == Lookup.Part.ASKS;
  }

  /** The refusal of whatever is no key that holds. */
  static ApiException invalidKey() {
    return new ApiException(INVALID_API_KEY, CHALLENGE);
  }

  /** Lets {@code known} in. */
  static void admit(Exchange exchange, Lookup.Known known) {
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
