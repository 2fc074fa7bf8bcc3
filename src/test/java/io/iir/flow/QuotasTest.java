package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.auth.ApiKey;
import io.iir.auth.Role;
import io.iir.config.IirProperties;
import io.iir.provider.ModelPattern;
import io.iir.throttle.Budget;
import io.iir.throttle.LimitOverrides;
import io.iir.throttle.Limits;
import io.iir.throttle.Period;
import io.iir.throttle.Quota;
import io.iir.throttle.Subject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class QuotasTest {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "iir.limits.gateway.concurrency", "500",
          "iir.limits.models[openai/gpt-4o].tpm", "200",
          "iir.limits.models[openai/*].tpm", "1000",
          "iir.limits.models[*].rpm", "70",
          "iir.teams[search].limits.rpm", "50",
          "iir.teams[search].budget.usd", "1.5",
          "iir.teams[search].budget.period", "day");

  private static Quotas quotas(Map<String, String> settings) {
    return new Quotas(
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("iir", IirProperties.class));
  }

  private static ApiKey key(@Nullable String team, int limit, @Nullable Budget budget) {
    return new ApiKey(
        "key_1",
        "web",
        team,
        List.of(new ModelPattern("*")),
        new LimitOverrides(limit, limit, limit),
        budget,
        Map.of(),
        null,
        Role.USER);
  }

  private static List<String> words(List<Quota> quotas) {
    return quotas.stream().map(Quota::subject).map(Subject::words).toList();
  }

  @Test
  void allThatConcernsARequestComesInTheOrderOfScopes() {
    List<Quota> all = quotas(SETTINGS).of(key("search", 9, null), "openai/gpt-4o");

    assertThat(words(all))
        .containsExactly(
            "key 'web'",
            "team 'search'",
            "model '*'",
            "model 'openai/*'",
            "model 'openai/gpt-4o'",
            "the gateway");
    assertThat(all)
        .isSortedAccordingTo((a, b) -> a.subject().scope().compareTo(b.subject().scope()));
    assertThat(all.get(0).limits()).isEqualTo(new Limits(9, 9, 9));
    assertThat(all.get(1).budget()).isEqualTo(new Budget(1_500_000_000, Period.DAY));
    assertThat(Quotas.tpm(all)).isEqualTo(9);
    assertThat(Quotas.tpm(all.subList(2, 6))).isEqualTo(200);
  }

  @Test
  void onlyWhatMeansAModelHoldsForIt() {
    Quotas quotas = quotas(SETTINGS);

    assertThat(words(quotas.ofModel("groq/gpt-4o"))).containsExactly("model '*'");
    assertThat(words(quotas.ofModel("openai/gpt-4o-mini")))
        .containsExactly("model '*'", "model 'openai/*'");
    assertThat(Quotas.tpm(quotas.ofModel("groq/gpt-4o"))).isZero();
  }

  @Test
  void whereNothingIsLimitedThereIsNoQuota() {
    Quotas quotas = quotas(Map.of());

    assertThat(quotas.of(key(null, 0, null), "openai/gpt-4o")).isEmpty();
    assertThat(quotas.of(key("unknown", 0, null))).isEmpty();
    assertThat(words(quotas.of(key(null, 0, new Budget(1, Period.TOTAL)))))
        .as("a budget alone is one")
        .containsExactly("key 'web'");
  }

  @Test
  void aKeyWithoutLimitsOfItsOwnHasTheDefaults() {
    ApiKey key =
        new ApiKey(
            "key_2",
            "plain",
            null,
            List.of(new ModelPattern("*")),
            new LimitOverrides(null, 7, null),
            Map.of(),
            null,
            Role.USER);
    Quotas quotas = quotas(Map.of());

    assertThat(quotas.of(key).getFirst().limits()).isEqualTo(new Limits(600, 7, 64));
    assertThat(quotas.of(key)).as("worked out once").isSameAs(quotas.of(key));
  }
}
