package io.iir.flow;

import io.iir.auth.ApiKeys;
import io.iir.auth.KeyLookups;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.builder.RouteBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Asks the database a few times a second, while keys are in use, for the version of all keys: one
 * question for all of them, beside requests, in place of one for each. Where it is not answered,
 * keys are looked up each by itself, and that tells whether the database is away.
 */
@Component
public class KeyChangesRoute extends RouteBuilder {

  private static final Logger LOG = LoggerFactory.getLogger(KeyChangesRoute.class);

  /** So often that a key which was confirmed is not looked up by itself: see {@link ApiKeys}. */
  private static final long PERIOD_MILLIS = 300;

  private static final String ASKED = "keyVersionAsked";

  private final ApiKeys keys;
  private final KeyLookups lookups;
  private boolean fails; // used by the timer's thread

  /** The look whether {@code keys} are as they were, which tells {@code lookups} of the answer. */
  public KeyChangesRoute(ApiKeys keys, KeyLookups lookups) {
    this.keys = keys;
    this.lookups = lookups;
  }

  @Override
  public void configure() {
    from("timer:key-changes?includeMetadata=false&delay=%1$d&period=%1$d".formatted(PERIOD_MILLIS))
        .routeId("key-changes")
        .description("Asks whether any key was changed, while some are in use")
        .errorHandler(noErrorHandler())
        .filter(exchange -> keys.takeUse())
        .id("key-changes.in-use")
        .doTry()
        .id("key-changes.attempt")
        .process(exchange -> exchange.setVariable(ASKED, keys.now()))
        .id("key-changes.begin")
        .to(
            "sql:classpath:sql/api-keys/select-version.sql?outputType=SelectOne"
                + "&template.queryTimeout=2")
        .id("key-changes.select")
        .process(this::confirm)
        .id("key-changes.confirm")
        .doCatch(Exception.class)
        .id("key-changes.failed")
        .process(this::fail)
        .id("key-changes.fail")
        .end()
        .end();
  }

  private void confirm(Exchange exchange) throws InvalidPayloadException {
    long version = exchange.getMessage().getMandatoryBody(Number.class).longValue();
    keys.confirm(version, exchange.getVariable(ASKED, Long.class));
    lookups.storeAnswered();
    if (fails) {
      fails = false;
      LOG.info("The database tells again whether keys were changed.");
    }
  }

  private void fail(Exchange exchange) {
    if (!fails) {
      fails = true;
      LOG.warn(
          "The database does not tell whether keys were changed, so each in use is looked up by"
              + " itself: {}",
          exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class).getMessage());
    }
  }
}
