package io.iir.flow;

import io.iir.auth.ApiKeys;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/**
 * Asks the database a few times a second, while keys are in use, how often keys were changed: one
 * question for all of them, beside requests, in place of one for each. Where it cannot be had, keys
 * are looked up each by itself, and that tells that the database is away.
 */
@Component
public class KeyChangesRoute extends RouteBuilder {

  /** So often that a key which was confirmed is not looked up by itself: see {@link ApiKeys}. */
  private static final long PERIOD_MILLIS = 300;

  private static final String ASKED = "keyChangesAsked";

  private final ApiKeys keys;

  /** The look whether {@code keys} are as they were. */
  public KeyChangesRoute(ApiKeys keys) {
    this.keys = keys;
  }

  @Override
  public void configure() {
    from("timer:key-changes?includeMetadata=false&delay=%1$d&period=%1$d".formatted(PERIOD_MILLIS))
        .routeId("key-changes")
        .description("Asks how often keys were changed, while some are in use")
        .errorHandler(noErrorHandler())
        .filter(exchange -> keys.takeUse())
        .id("key-changes.in-use")
        .doTry()
        .id("key-changes.attempt")
        .process(exchange -> exchange.setVariable(ASKED, keys.now()))
        .id("key-changes.begin")
        .to("sql:classpath:sql/api-keys/select-changes.sql?outputType=SelectOne")
        .id("key-changes.select")
        .process(this::confirm)
        .id("key-changes.confirm")
        .doCatch(Exception.class)
        .id("key-changes.failed")
        .end()
        .end();
  }

  private void confirm(Exchange exchange) throws InvalidPayloadException {
    keys.confirm(
        exchange.getMessage().getMandatoryBody(Number.class).longValue(),
        exchange.getVariable(ASKED, Long.class));
  }
}
