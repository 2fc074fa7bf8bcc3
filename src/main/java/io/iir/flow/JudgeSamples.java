package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.backend.EventTap;
import io.iir.cache.CacheDirectives;
import io.iir.config.IirProperties;
import io.iir.config.JudgeSettings;
import io.iir.config.StartException;
import io.iir.feedback.Comparison;
import io.iir.feedback.Judge;
import io.iir.feedback.Pair;
import io.iir.feedback.Served;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.openai.PlainText;
import io.iir.provider.ModelName;
import io.iir.usage.UsageRow;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Picks the requests whose answers a {@link Judge} compares: {@code iir.classify.judge.sample} of
 * those that are plain text, were answered by a model of a pair, and may go to the other model and
 * to the judge. Thread-safe, never blocks.
 */
@Component
final class JudgeSamples implements AnswerWatch {

  /** A larger request is not compared, in bytes. */
  static final int MOST = 64 << 10;

  private static final String LOCAL_ONLY = "local-only";
  private static final String OFF = "off";

  private final JudgeSettings settings;
  private final List<Pair> pairs;
  private final Judge judge;
  private final Cover cover;

  /**
   * As {@code properties} say; what {@code cover} has cut is not compared.
   *
   * @throws StartException if a pair is one model
   */
  JudgeSamples(IirProperties properties, Judge judge, Cover cover) {
    this.cover = cover;
    this.settings = properties.classify().judge();
    this.pairs = pairs(settings.pairs());
    this.judge = judge;
  }

  private static List<Pair> pairs(List<JudgeSettings.Two> settings) {
    List<Pair> pairs = new ArrayList<>(settings.size());
    for (JudgeSettings.Two two : settings) {
      if (two.weak().equals(two.strong())) {
        throw new StartException(
            "iir.classify.judge.pairs[%d] is '%s' twice: name two models."
                .formatted(pairs.size(), two.weak()));
      }
      pairs.add(new Pair(two.weak(), two.strong()));
    }
    return List.copyOf(pairs);
  }

  /** {@code tap}, which reads along if the answer of the current target is to be compared. */
  EventTap readAlong(Exchange exchange, ModelRequest request, EventTap tap) {
    if (settings.model() == null) {
      return tap;
    }
    ModelName name = Variables.ATTEMPTS.get(exchange).current().name();
    JudgeSample sample = Variables.JUDGE_SAMPLE.find(exchange);
    if (sample == null) {
      sample = pick(exchange, name);
      if (sample == null) {
        return tap;
      }
      Variables.JUDGE_SAMPLE.set(exchange, sample);
    }
    sample.asked(name);
    return request.stream() ? new ReadingTap(tap, sample::event) : tap;
  }

  private @Nullable JudgeSample pick(Exchange exchange, ModelName name) {
    if (ThreadLocalRandom.current().nextDouble() >= settings.sample()) {
      return null;
    }
    Pair pair = pair(exchange, name.id());
    return pair != null
            && Variables.REQUEST.get(exchange) instanceof ChatRequest request
            && isPlain(request)
            && mayBeSent(exchange, pair)
            && PlainText.isAllOf(request)
        ? new JudgeSample(request, pair)
        : null;
  }

  /** The pair that {@code model} is of: the request's own, else one that is set. */
  private @Nullable Pair pair(Exchange exchange, String model) {
    if (Variables.CLASSIFICATION.find(exchange) == null) {
      return null;
    }
    Pairing own = Variables.PAIRING.find(exchange);
    if (own != null) {
      Pair pair = new Pair(own.weak().name().id(), own.strong().name().id());
      if (pair.has(model)) {
        return pair;
      }
    }
    for (Pair pair : pairs) {
      if (pair.has(model)) {
        return pair;
      }
    }
    return null;
  }

  private static boolean isPlain(ChatRequest request) {
    return request.n() == 1
        && !request.hasTools()
        && !request.hasImages()
        && request.files() == 0
        && request.fallbacks().isEmpty() // a provider may answer by another model than is asked
        && request.size() <= MOST;
  }

  /** Whether nobody forbids it: neither the key's models and tags, nor the request. */
  private boolean mayBeSent(Exchange exchange, Pair pair) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    String model = settings.model();
    return model != null
        && key.mayCall(model)
        && key.mayCall(pair.weak())
        && key.mayCall(pair.strong())
        && !OFF.equals(key.tags().get("judge"))
        && !LOCAL_ONLY.equals(Variables.STRATEGY.find(exchange))
        && CacheDirectives.parse(exchange.getMessage().getHeader("cache-control", String.class))
            .store();
  }

  /** The answer of the current target has come whole. */
  static void whole(Exchange exchange, byte[] completion) {
    JudgeSample sample = Variables.JUDGE_SAMPLE.find(exchange);
    if (sample != null) {
      sample.whole(completion);
    }
  }

  @Override
  public void ended(Exchange exchange, UsageRow row) {
    JudgeSample sample = Variables.JUDGE_SAMPLE.find(exchange);
    if (sample == null || row.status() != 200 || !row.outcome().equals(RequestOutcome.SUCCESS)) {
      return;
    }
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    if (answered == null || cover.cuts(exchange, answered)) {
      return;
    }
    Served served = Served.of(row);
    Comparison comparison = served == null ? null : sample.of(served);
    if (comparison != null) {
      judge.take(comparison);
    }
  }
}
