package io.iir.flow;

import io.iir.auth.ApiKeys;
import io.iir.auth.KeyLookups;
import io.iir.auth.Lookup;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.transport.ClientLink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/**
 * Waits, blocking nothing, for what the database says of a caller who is not let in yet. If it says
 * nothing in time, a key that is known well is let in all the same, where the operator leaves that
 * open; another gets 503. Goes on on the event loop of the caller's connection.
 */
final class KeyWait extends AsyncProcessorSupport {

  private static final long KNOWN_MILLIS = 250;
  private static final long UNKNOWN_MILLIS = 2000;

  private static final ApiError STORE_AWAY =
      ApiError.server(
          503,
          "no_target_available",
          "the gateway cannot look the API key up, for its database does not answer; try again");

  private final ApiKeys keys;
  private final KeyLookups lookups;
  private final boolean open;
  private final Executor elsewhere;

  /**
   * Waits for what {@code lookups} bring.
   *
   * @param open whether keys that are known well do without the database
   * @param elsewhere where exchanges go on that no client's connection belongs to
   */
  KeyWait(ApiKeys keys, KeyLookups lookups, boolean open, Executor elsewhere) {
    this.keys = keys;
    this.lookups = lookups;
    this.open = open;
    this.elsewhere = elsewhere;
  }

  /** The refusal of a key that cannot be looked up. */
  static ApiException storeIsAway() {
    return new ApiException(STORE_AWAY, AuthenticateRoute.SOON);
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    if (Variables.PRINCIPAL.find(exchange) != null) {
      callback.done(true);
      return true;
    }
    if (!(Variables.LOOKUP.find(exchange) instanceof Lookup.Asked asked)) {
      exchange.setException(AuthenticateRoute.invalidKey()); // nobody passes without a key
      callback.done(true);
      return true;
    }
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    Executor next = link == null ? elsewhere : link.loop();
    boolean canDoWithout = open && keys.withoutStore(asked.question()) != null;
    CompletableFuture<Lookup> answer = asked.answer().copy();
    answer
        .orTimeout(canDoWithout ? KNOWN_MILLIS : UNKNOWN_MILLIS, TimeUnit.MILLISECONDS)
        .whenCompleteAsync(
            (lookup, failure) -> {
              hear(exchange, asked, lookup);
              callback.done(false);
            },
            next);
    return false;
  }

  private void hear(Exchange exchange, Lookup.Asked asked, @Nullable Lookup answer) {
    Lookup lookup = answer;
    if (lookup == null) {
      if (asked.question().caller() == Lookup.Caller.FAMILIAR) { // a stranger waits for its turn
        lookups.storeLate();
      }
      lookup = open ? keys.withoutStore(asked.question()) : null;
    }
    if (lookup instanceof Lookup.Known known) {
      AuthenticateRoute.admit(exchange, known);
    } else {
      exchange.setException(lookup == null ? storeIsAway() : AuthenticateRoute.invalidKey());
    }
  }
}
