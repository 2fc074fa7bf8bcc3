package io.iir.registry;

import io.iir.config.Protocol;
import io.iir.hardware.Hardware;
import io.iir.openai.ApiException;
import io.iir.provider.Candidate;
import io.iir.provider.Model;
import io.iir.provider.ModelName;
import io.iir.provider.OnDemandModel;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.Resolved;
import io.iir.recommend.Recommendation;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Lets a language model rank and explain what is recommended. It can neither add to it nor take
 * from it, and where it fails the order stays. Blocks, for a minute at most. Thread-safe.
 */
public final class Advisor implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String AUTO = "auto";

  /** So many are ranked; the others stay behind them. */
  private static final int MOST = 30;

  private final ProviderDirectory directory;
  private final @Nullable String setting;
  private final Supplier<SSLContext> tls;
  private final Duration limit;
  private @Nullable AdvisorClient client;

  /**
   * An advisor.
   *
   * @param directory who answers for which model
   * @param setting the model, an alias or {@code auto}; null: there is no advice
   * @param tls what providers' certificates are checked by; asked for once there is a call
   */
  public Advisor(ProviderDirectory directory, @Nullable String setting, Supplier<SSLContext> tls) {
    this(directory, setting, tls, LIMIT);
  }

  /** One that waits for {@code limit}. */
  Advisor(
      ProviderDirectory directory,
      @Nullable String setting,
      Supplier<SSLContext> tls,
      Duration limit) {
    this.directory = directory;
    this.setting = setting;
    this.tls = tls;
    this.limit = limit;
  }

  /**
   * Ranks {@code recommendations} for {@code hardware}.
   *
   * @return null if no advisor is set, or nothing is recommended
   */
  public @Nullable Advice advise(Hardware hardware, List<Recommendation> recommendations) {
    if (setting == null || recommendations.isEmpty()) {
      return null;
    }
    Map<String, Recommendation> byId = new LinkedHashMap<>();
    for (Recommendation one : recommendations) {
      byId.putIfAbsent(one.model() + ":" + one.quantization(), one);
    }
    ModelName name;
    Resolved whom;
    try {
      name = model(setting);
      whom = name == null ? null : directory.resolve(name);
    } catch (ApiException e) {
      return failed(setting, byId, "iir.registry.advisor: " + e.getMessage());
    }
    if (name == null || whom == null) {
      return failed(
          setting,
          byId,
          "iir.registry.advisor is '%s', and no provider offers a model that can chat and runs: configure"
                  .formatted(setting)
              + " one.");
    }
    OnDemandModel started = whom.onDemand();
    if (started != null && started.state() != Model.State.READY) {
      return failed(
          name.id(),
          byId,
          "iir.registry.advisor is '%s', which does not run, and is not started for this: send it a request first."
              .formatted(name.id()));
    }
    return whom.provider().protocol() == Protocol.SIM
        ? failed(
            name.id(),
            byId,
            "iir.registry.advisor is '%s', which is simulated and knows nothing: name a real model."
                .formatted(name.id()))
        : advise(name, whom, hardware, byId);
  }

  private Advice advise(
      ModelName name, Resolved whom, Hardware hardware, Map<String, Recommendation> byId) {
    Map<String, Recommendation> first = new LinkedHashMap<>();
    byId.entrySet().stream()
        .limit(MOST)
        .forEach(entry -> first.put(entry.getKey(), entry.getValue()));
    AdvisorClient.Answer answer;
    try {
      answer = client().ask(whom, AdviceRequest.write(whom.upstream(), hardware, first));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return notRanked(name, byId, "the gateway stops");
    }
    return switch (answer) {
      case AdvisorClient.Answer.Failed failed -> notRanked(name, byId, failed.why());
      case AdvisorClient.Answer.Body body -> {
        List<Advice.Ranked> ranked = AdviceAnswer.read(body.text(), first, byId);
        yield ranked == null
            ? notRanked(name, byId, "its answer holds no ranking of them")
            : new Advice(name.id(), ranked, null);
      }
    };
  }

  /** The model that {@code text} names; null: {@code auto}, and there is none. */
  private @Nullable ModelName model(String text) {
    String target = Objects.requireNonNullElse(directory.alias(text), text);
    return target.equals(AUTO) ? best() : directory.name(target, any -> true);
  }

  /**
   * Of the models that can chat and need not be started, the one of the highest quality; of unknown
   * ones the first.
   */
  private @Nullable ModelName best() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    return directory.candidates(provider -> provider.protocol() != Protocol.SIM).stream()
        .map(directory::candidate)
        .filter(Objects::nonNull)
        .filter(candidate -> candidate.isReady() && !candidate.isDeprecated(today))
        .min(Comparator.comparingDouble(Advisor::worth))
        .map(Candidate::name)
        .orElse(null);
  }

  private static double worth(Candidate candidate) {
    Double quality = candidate.facts().quality();
    return quality == null ? 1 : -quality;
  }

  private static Advice notRanked(ModelName name, Map<String, Recommendation> byId, String why) {
    return failed(
        name.id(),
        byId,
        "'%s' did not rank the models, so their order is by formula: %s%s"
            .formatted(name.id(), why, why.endsWith(".") ? "" : "."));
  }

  private static Advice failed(String model, Map<String, Recommendation> byId, String sentence) {
    return new Advice(
        model,
        byId.values().stream()
            .map(one -> new Advice.Ranked(one.model(), one.quantization(), null))
            .toList(),
        sentence);
  }

  private synchronized AdvisorClient client() {
    if (client == null) {
      client = new AdvisorClient(tls.get(), limit);
    }
    return client;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.close();
    }
  }
}
