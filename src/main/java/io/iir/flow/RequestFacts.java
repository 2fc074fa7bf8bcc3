package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.config.IirProperties;
import io.iir.openai.ModelRequest;
import io.iir.provider.ModelTraffic;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import io.iir.throttle.Permit;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Gathers what rules can ask about a request. Thread-safe. */
@Component
public final class RequestFacts {

  /** Of a header, so much is seen and recorded. */
  private static final int LONGEST_HEADER = 256;

  private final ProviderDirectory directory;
  private final ModelTraffic traffic;
  private final List<String> readable;
  private final LocalTime time;

  /** Facts of requests, of the models of {@code directory}, and of {@code clock}'s time. */
  @Autowired
  public RequestFacts(ProviderDirectory directory, IirProperties properties, Clock clock) {
    this(directory, properties.rules().headers(), clock);
  }

  /** Facts with the headers of the names {@code readable}, in lower case. */
  RequestFacts(ProviderDirectory directory, List<String> readable, Clock clock) {
    this.directory = directory;
    this.traffic = directory.traffic();
    this.readable = readable;
    this.time = new LocalTime(clock, java.time.ZoneId.systemDefault());
  }

  /** What is known of the request when the steps before provider-choice have run. */
  public Facts of(Exchange exchange) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    ModelRequest request = Variables.REQUEST.get(exchange);
    return new Facts(headers(exchange.getMessage()))
        .with(Fact.OPERATION, Variables.OPERATION.get(exchange))
        .with(Fact.PROVIDER, Variables.PROVIDER.get(exchange))
        .with(Fact.MODEL, Variables.MODEL.get(exchange))
        .with(Fact.STRATEGY, Variables.STRATEGY.get(exchange))
        .with(Fact.CATEGORY, Variables.CATEGORY.find(exchange))
        .with(Fact.COMPLEXITY, Variables.COMPLEXITY.find(exchange))
        .with(Fact.CONFIDENCE, Variables.CONFIDENCE.find(exchange))
        .with(Fact.LANGUAGE, Variables.LANGUAGE.find(exchange))
        .with(Fact.PROMPT_TOKENS, Variables.PROMPT_TOKENS.get(exchange))
        .with(Fact.MAX_TOKENS, Variables.MAX_TOKENS.get(exchange))
        .with(Fact.STREAM, Variables.STREAM.get(exchange))
        .with(Fact.HAS_TOOLS, Variables.HAS_TOOLS.get(exchange))
        .with(Fact.HAS_IMAGES, Variables.HAS_IMAGES.get(exchange))
        .with(Fact.JSON_MODE, Variables.JSON_MODE.get(exchange))
        .with(Fact.TEAM, key.team())
        .with(Fact.KEY, key.name())
        .with(Fact.TAGS, tags(key))
        .with(Fact.HOUR, time.hour())
        .with(Fact.WEEKDAY, time.weekday())
        .with(Fact.DICE, Dice.of(key, request))
        .with(Fact.LOCAL_LOADED, directory.localModels())
        .with(Fact.LOCAL_BUSY, traffic.localInFlight())
        .with(Fact.BUDGET_LEFT, budgetLeft(exchange));
  }

  /**
   * USD left of the tightest budget; null: there is none. Rules compare, nobody reckons with it.
   */
  private static @Nullable Double budgetLeft(Exchange exchange) {
    Permit permit = Variables.PERMIT.find(exchange);
    return permit == null || permit.budgetLeft() == Long.MAX_VALUE
        ? null
        : permit.budgetLeft() / 1e9;
  }

  private static List<String> tags(ApiKey key) {
    return key.tags().isEmpty()
        ? List.of()
        : key.tags().entrySet().stream().map(tag -> tag.getKey() + "=" + tag.getValue()).toList();
  }

  private Map<String, String> headers(Message message) {
    Map<String, String> found = Map.of(); // as most requests leave it
    for (String name : readable) {
      Object value = message.getHeader(name);
      if (value != null) {
        found = found.isEmpty() ? new HashMap<>(4) : found;
        String text = value.toString();
        found.put(name, text.substring(0, Math.min(LONGEST_HEADER, text.length())));
      }
    }
    return found;
  }
}
