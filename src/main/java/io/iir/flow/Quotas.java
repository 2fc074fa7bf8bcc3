package io.iir.flow;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.iir.auth.ApiKey;
import io.iir.config.BudgetSettings;
import io.iir.config.IirProperties;
import io.iir.config.TeamSettings;
import io.iir.provider.ModelPattern;
import io.iir.throttle.Budget;
import io.iir.throttle.Limits;
import io.iir.throttle.Period;
import io.iir.throttle.Quota;
import io.iir.throttle.Scope;
import io.iir.throttle.Subject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Which quotas hold for a request: its key's, its team's, the gateway's, and those of the model
 * that it is for. Where nothing is limited there is no quota. Worked out once for each key and each
 * model. Thread-safe.
 */
@Component
public final class Quotas {

  private static final int MOST_MODELS = 10_000;

  private final Limits defaults;
  private final Map<String, TeamSettings> teams;
  private final @Nullable Quota gateway;
  private final List<Quota> patterns;
  // Both keep house on the thread that uses them: to wake another costs more than the work.
  private final Cache<ApiKey, List<Quota>> byKey =
      Caffeine.newBuilder().weakKeys().executor(Runnable::run).build();
  private final Cache<String, List<Quota>> byModel =
      Caffeine.newBuilder().maximumSize(MOST_MODELS).executor(Runnable::run).build();

  /** The quotas that {@code properties} set. */
  public Quotas(IirProperties properties) {
    IirProperties.Limit limit = properties.limits().defaults();
    this.defaults = new Limits(limit.rpm(), limit.tpm(), limit.concurrency());
    this.teams = properties.teams();
    this.gateway =
        quota(
            Subject.GATEWAY,
            limits(properties.limits().gateway()),
            budget(properties.budgets().gateway()));
    List<Quota> each = new ArrayList<>();
    properties
        .limits()
        .models()
        .forEach((pattern, open) -> {
          Quota quota = quota(new Subject(Scope.MODEL, pattern, pattern), limits(open), null);
          if (quota != null) {
            each.add(quota);
          }
        });
    each.sort(Comparator.comparing(quota -> quota.subject().id()));
    this.patterns = List.copyOf(each);
  }

  /** What holds for {@code key}, whatever model it asks for: key, team, gateway. */
  public List<Quota> of(ApiKey key) {
    List<Quota> known = byKey.getIfPresent(key);
    if (known == null) {
      known = resolve(key);
      byKey.put(key, known);
    }
    return known;
  }

  /**
   * What holds for what {@code key} says of answers, apart from its requests: as many a minute as
   * those, and no more than usual where they are not limited.
   */
  Quota ofFeedback(ApiKey key) {
    int rpm = key.limits().over(defaults).rpm();
    return new Quota(
        new Subject(Scope.KEY, key.id() + "/feedback", key.name() + " (feedback)"),
        new Limits(rpm == 0 ? Limits.DEFAULT.rpm() : rpm, 0, 0),
        null);
  }

  /** What holds for {@code key} if it calls {@code model}, {@code <provider>/<model>}. */
  public List<Quota> of(ApiKey key, String model) {
    List<Quota> always = of(key);
    List<Quota> models = ofModel(model);
    if (models.isEmpty()) {
      return always;
    }
    List<Quota> all = new ArrayList<>(always.size() + models.size());
    boolean last = !always.isEmpty() && always.getLast().equals(gateway);
    int own = last ? always.size() - 1 : always.size();
    all.addAll(always.subList(0, own));
    all.addAll(models);
    all.addAll(always.subList(own, always.size()));
    return List.copyOf(all);
  }

  /** What holds for all calls to {@code model}, by its name and by patterns. */
  public List<Quota> ofModel(String model) {
    if (patterns.isEmpty()) {
      return patterns;
    }
    List<Quota> known = byModel.getIfPresent(model);
    if (known == null) {
      known =
          patterns.stream()
              .filter(quota -> new ModelPattern(quota.subject().id()).matches(model))
              .toList();
      byModel.put(model, known);
    }
    return known;
  }

  /** The lowest of their limits of tokens a minute; 0: there is none. */
  static int tpm(List<Quota> quotas) {
    int lowest = 0;
    for (Quota quota : quotas) {
      int tpm = quota.limits().tpm();
      lowest = lowest == 0 || (tpm > 0 && tpm < lowest) ? tpm : lowest;
    }
    return lowest;
  }

  private List<Quota> resolve(ApiKey key) {
    List<Quota> quotas = new ArrayList<>(3);
    add(
        quotas,
        quota(
            new Subject(Scope.KEY, key.id(), key.name()),
            key.limits().over(defaults),
            key.budget()));
    String team = key.team();
    TeamSettings settings = team == null ? null : teams.get(team);
    if (team != null && settings != null) {
      add(
          quotas,
          quota(
              new Subject(Scope.TEAM, team, team),
              limits(settings.limits()),
              budget(settings.budget())));
    }
    add(quotas, gateway);
    return List.copyOf(quotas);
  }

  private static void add(List<Quota> quotas, @Nullable Quota quota) {
    if (quota != null) {
      quotas.add(quota);
    }
  }

  private static @Nullable Quota quota(Subject subject, Limits limits, @Nullable Budget budget) {
    return limits.equals(Limits.NONE) && budget == null ? null : new Quota(subject, limits, budget);
  }

  private static Limits limits(IirProperties.OpenLimit open) {
    return new Limits(open.rpm(), open.tpm(), open.concurrency());
  }

  /** The budget that {@code settings} set; null: none. */
  static @Nullable Budget budget(@Nullable BudgetSettings settings) {
    return settings == null
        ? null
        : new Budget(
            settings.usd().movePointRight(9).longValueExact(),
            Period.valueOf(settings.period().name()));
  }
}
