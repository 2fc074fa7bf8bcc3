package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.config.IirProperties;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.provider.Candidate;
import io.iir.provider.LeftOut;
import io.iir.provider.ModelName;
import io.iir.provider.ModelPattern;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.Choosing;
import io.iir.rules.Decision;
import io.iir.rules.language.Facts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Turns the rules' {@code targets} into those that can be called and that the key may use. */
@Component
public final class TargetChoice implements Processor {

  /** The client's headers that reach a provider; its key never does. */
  private static final List<String> PASSED_ON =
      List.of(
          "anthropic-beta",
          "anthropic-version",
          "http-referer",
          "openai-beta",
          "traceparent",
          "tracestate",
          "x-title");

  /** A message names so many models that cannot answer. */
  private static final int REASONS = 10;

  private final ProviderDirectory directory;
  private final RuleDecision rules;
  private final QualityChoice quality;
  private final Duration limit;

  /**
   * Targets from {@code directory}, chosen by {@code rules} and {@code quality}, to be asked for as
   * long as {@code properties} say.
   */
  public TargetChoice(
      ProviderDirectory directory,
      RuleDecision rules,
      QualityChoice quality,
      IirProperties properties) {
    this.directory = directory;
    this.rules = rules;
    this.quality = quality;
    this.limit = properties.failover().total();
  }

  @Override
  public void process(Exchange exchange) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    Facts facts = Variables.FACTS.get(exchange);
    Decision decision = Variables.DECISION.get(exchange);
    List<Candidate> targets = Choosing.choose(decision, facts, key.models(), directory);
    if (targets.isEmpty()
        && decision.fallback() == null
        && Choosing.namesUnknown(decision, facts, key.models(), directory)) {
      rules.fallBack(exchange, Choosing.unknown(decision));
      decision = Variables.DECISION.get(exchange);
      targets = Choosing.choose(decision, facts, key.models(), directory);
    }
    ModelRequest request = Variables.REQUEST.get(exchange);
    check(targets, decision, facts, key, request);
    Pairing pairing = quality.of(facts, targets);
    if (pairing != null) {
      Variables.PAIRING.set(exchange, pairing);
      targets = pairing.order(targets);
    }
    Duration timeout = decision.timeout();
    Variables.ATTEMPTS.set(
        exchange,
        new Attempts(
            targets,
            passedOn(exchange.getMessage()),
            timeout == null ? limit : timeout,
            directory.traffic(),
            request::prefixHash));
    rules.record(exchange);
  }

  /**
   * Refuses a request that cannot be sent to {@code targets}, which {@code decision} means.
   *
   * @throws ApiException 403, 404 or 503: none is there, or the key may not use what is
   */
  public void check(
      List<Candidate> targets, Decision decision, Facts facts, ApiKey key, ModelRequest request) {
    if (targets.isEmpty()) {
      throw refusal(decision, facts, key);
    }
    checkFallbacks(key, request.fallbacks(), targets);
  }

  /** Why none is chosen: no right, no such model, or one reason for each model. */
  private ApiException refusal(Decision decision, Facts facts, ApiKey key) {
    List<LeftOut> leftOut = Choosing.explain(decision, facts, key.models(), directory).leftOut();
    if (decision.targets() == null) {
      return leftOut.isEmpty() // it appeared meanwhile
          ? nothingAvailable(decision, leftOut)
          : named(leftOut.getFirst(), key);
    }
    List<LeftOut> usable =
        leftOut.stream().filter(model -> model.cause() != LeftOut.Cause.NOT_ALLOWED).toList();
    if (usable.isEmpty()
        && !Choosing.choose(decision, facts, List.of(ModelPattern.ALL), directory).isEmpty()) {
      String what =
          "may use none of the models that the rules chose, '%s'".formatted(decision.text());
      return notAllowed(key, what, "model");
    }
    if (usable.size() == 1 && usable.getFirst().cause() == LeftOut.Cause.NOT_ON_OFFER) {
      return gone(usable.getFirst().name(), key, decision, usable);
    }
    return nothingAvailable(decision, usable);
  }

  private ApiException named(LeftOut model, ApiKey key) {
    return model.cause() == LeftOut.Cause.NOT_ALLOWED
        ? notAllowed(key, "may not use '%s'".formatted(model.name().id()), "model")
        : gone(model.name(), key, null, List.of(model));
  }

  private ApiException gone(
      ModelName name, ApiKey key, @Nullable Decision decision, List<LeftOut> leftOut) {
    try {
      directory.resolve(name, key::mayCall);
    } catch (ApiException gone) {
      return gone;
    }
    return nothingAvailable(decision, leftOut);
  }

  /** A provider that takes other models from the request must not be led to forbidden ones. */
  private static void checkFallbacks(ApiKey key, List<String> fallbacks, List<Candidate> targets) {
    for (String fallback : fallbacks) {
      for (Candidate target : targets) {
        ModelName name = new ModelName(target.name().provider(), fallback);
        if (!key.mayCall(name.id())) {
          throw fallbackNotAllowed(key, name);
        }
      }
    }
  }

  private static Map<String, Object> passedOn(Message message) {
    Map<String, Object> headers = Map.of(); // as most requests leave it
    for (String name : PASSED_ON) {
      Object value = message.getHeader(name);
      if (value != null) {
        headers = headers.isEmpty() ? new HashMap<>() : headers;
        headers.put(name, value);
      }
    }
    return headers;
  }

  private static ApiException fallbackNotAllowed(ApiKey key, ModelName name) {
    return notAllowed(
        key,
        name.model().isEmpty()
            ? "may use only some models, and 'models' is no list of at most %d names"
                .formatted(ChatRequest.MAX_FALLBACKS)
            : "may not use '%s', which 'models' names".formatted(name.id()),
        "models");
  }

  private static ApiException notAllowed(ApiKey key, String what, String param) {
    String allowed =
        key.models().stream().map(ModelPattern::text).collect(Collectors.joining(", "));
    return new ApiException(
        ApiError.invalid(
            403,
            "model_not_allowed",
            "key '%s' %s; it may use %s".formatted(key.name(), what, allowed),
            param));
  }

  private static ApiException nothingAvailable(@Nullable Decision decision, List<LeftOut> leftOut) {
    String reasons =
        leftOut.stream().limit(REASONS).map(LeftOut::toString).collect(Collectors.joining("; "));
    int more = leftOut.size() - REASONS;
    String message =
        "no model is available for '%s'%s%s; GET /v1/models lists what is"
            .formatted(
                decision == null ? "it" : decision.text(),
                reasons.isEmpty() ? "" : ": " + reasons,
                more > 0 ? "; and %d more".formatted(more) : "");
    return new ApiException(
        ApiError.server(503, "no_target_available", message), Map.of("Retry-After", "1"));
  }
}
