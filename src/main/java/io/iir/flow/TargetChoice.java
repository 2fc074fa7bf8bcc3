package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.config.IirProperties;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.provider.Candidate;
import io.iir.provider.LeftOut;
import io.iir.provider.ModelName;
import io.iir.provider.ModelPattern;
import io.iir.provider.Needs;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.TargetList;
import io.iir.provider.TargetSyntaxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Turns the rules' {@code targets} into those that can be called and that the key may use. */
@Component
public final class TargetChoice implements Processor {

  /** The client's headers that reach a provider; its key never does. */
  private static final List<String> PASSED_ON =
      List.of("http-referer", "openai-beta", "traceparent", "tracestate", "x-title");

  /** A message names so many models that cannot answer. */
  private static final int REASONS = 10;

  private final ProviderDirectory directory;
  private final Duration limit;

  /** Targets from {@code directory}, to be asked for as long as {@code properties} say. */
  public TargetChoice(ProviderDirectory directory, IirProperties properties) {
    this.directory = directory;
    this.limit = properties.failover().total();
  }

  @Override
  public void process(Exchange exchange) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    ChatRequest request = Variables.CHAT_REQUEST.get(exchange);
    String text = Variables.TARGETS.get(exchange);
    List<Candidate> targets = targets(exchange, text, key, request);
    checkFallbacks(key, request.fallbacks(), targets);
    Variables.ATTEMPTS.set(exchange, new Attempts(targets, passedOn(exchange.getMessage()), limit));
  }

  /** What the client named is taken as it stands: its name is no text of the rules' language. */
  private List<Candidate> targets(Exchange exchange, String text, ApiKey key, ChatRequest request) {
    ModelName name = new ModelName(Variables.PROVIDER.get(exchange), Variables.MODEL.get(exchange));
    if (!name.id().equals(text)) {
      return chosen(parse(text), key, needs(key, request));
    }
    if (!key.mayCall(name.id())) {
      throw notAllowed(key, "may not use '%s'".formatted(name.id()), "model");
    }
    return List.of(named(name));
  }

  private static Needs needs(ApiKey key, ChatRequest request) {
    return new Needs(
        request.promptTokens(),
        Math.max(0, request.maxTokens()),
        request.hasTools(),
        request.hasImages(),
        request.jsonMode(),
        Dice.of(key, request),
        key.models());
  }

  private Candidate named(ModelName name) {
    Candidate target = directory.candidate(name);
    return target == null ? Candidate.of(name, directory.resolve(name)) : target;
  }

  private List<Candidate> chosen(TargetList targets, ApiKey key, Needs needs) {
    List<Candidate> chosen = targets.choose(directory, needs);
    if (chosen.isEmpty()) {
      throw refusal(targets, key, needs);
    }
    return chosen;
  }

  /** Why none is chosen: no right, no such model, or one reason for each model. */
  private ApiException refusal(TargetList targets, ApiKey key, Needs needs) {
    List<LeftOut> usable =
        targets.explain(directory, needs).leftOut().stream()
            .filter(model -> model.cause() != LeftOut.Cause.NOT_ALLOWED)
            .toList();
    if (usable.isEmpty()
        && !targets.choose(directory, needs.allowing(List.of(ModelPattern.ALL))).isEmpty()) {
      String what = "may use none of the models that the rules chose, '%s'".formatted(targets);
      return notAllowed(key, what, "model");
    }
    if (usable.size() == 1 && usable.getFirst().cause() == LeftOut.Cause.NOT_ON_OFFER) {
      try {
        directory.resolve(usable.getFirst().name(), key::mayCall);
      } catch (ApiException gone) {
        return gone;
      }
    }
    return nothingAvailable(targets, usable);
  }

  private static TargetList parse(String text) {
    try {
      return TargetList.parse(text);
    } catch (TargetSyntaxException e) {
      throw new IllegalStateException(
          "provider-choice set targets to '%s': %s".formatted(text, e.described()), e);
    }
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

  private static ApiException nothingAvailable(TargetList targets, List<LeftOut> leftOut) {
    String reasons =
        leftOut.stream().limit(REASONS).map(LeftOut::toString).collect(Collectors.joining("; "));
    int more = leftOut.size() - REASONS;
    String message =
        "no model is available for '%s'%s%s; GET /v1/models lists what is"
            .formatted(
                targets,
                reasons.isEmpty() ? "" : ": " + reasons,
                more > 0 ? "; and %d more".formatted(more) : "");
    return new ApiException(
        ApiError.server(503, "no_target_available", message), Map.of("Retry-After", "1"));
  }
}
