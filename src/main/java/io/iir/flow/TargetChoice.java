package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.config.IirProperties;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.provider.ModelName;
import io.iir.provider.ModelPattern;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.TargetList;
import java.time.Duration;
import java.util.ArrayList;
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
    String text = Variables.TARGETS.get(exchange);
    List<ModelName> names = names(exchange, text, key);
    List<Attempts.Target> targets = new ArrayList<>(names.size());
    for (ModelName name : names) {
      resolve(name, names.size() == 1, targets);
    }
    if (targets.isEmpty()) {
      throw nothingAvailable(text);
    }
    checkFallbacks(key, Variables.CHAT_REQUEST.get(exchange).fallbacks(), targets);
    Variables.ATTEMPTS.set(exchange, new Attempts(targets, passedOn(exchange.getMessage()), limit));
  }

  /** What the client named is taken as it stands: its name is no text of the rules' language. */
  private List<ModelName> names(Exchange exchange, String text, ApiKey key) {
    ModelName name = new ModelName(Variables.PROVIDER.get(exchange), Variables.MODEL.get(exchange));
    if (!name.id().equals(text)) {
      return allowed(parse(text), key);
    }
    if (!key.mayCall(name.id())) {
      throw notAllowed(key, "may not use '%s'".formatted(name.id()), "model");
    }
    return List.of(name);
  }

  private List<ModelName> allowed(TargetList targets, ApiKey key) {
    List<ModelName> names = targets.expand(directory, key.models());
    if (names.isEmpty() && !targets.expand(directory).isEmpty()) {
      String what = "may use none of the models that the rules chose, '%s'".formatted(targets);
      throw notAllowed(key, what, "model");
    }
    return names;
  }

  private static TargetList parse(String text) {
    try {
      return TargetList.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "provider-choice set targets to '%s': %s".formatted(text, e.getMessage()), e);
    }
  }

  /** One that is gone is left out, unless it is the only one: then the client learns why. */
  private void resolve(ModelName name, boolean only, List<Attempts.Target> targets) {
    try {
      targets.add(new Attempts.Target(name, directory.resolve(name)));
    } catch (ApiException gone) {
      if (only) {
        throw gone;
      }
    }
  }

  /** A provider that takes other models from the request must not be led to forbidden ones. */
  private static void checkFallbacks(
      ApiKey key, List<String> fallbacks, List<Attempts.Target> targets) {
    for (String fallback : fallbacks) {
      for (Attempts.Target target : targets) {
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

  private static ApiException nothingAvailable(String targets) {
    return new ApiException(
        ApiError.server(
            503,
            "no_target_available",
            "no model is available for '%s'; GET /v1/models lists what is".formatted(targets)),
        Map.of("Retry-After", "1"));
  }
}
