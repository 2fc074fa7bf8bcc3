package io.iir.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iir.openai.ApiException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class CacheDirectivesTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", " ", ",", "public", "max-stale=5", "no-transform, min-fresh=3", "max-age"})
  void nothingIsAskedFor(@Nullable String header) {
    assertThat(CacheDirectives.parse(header)).isEqualTo(CacheDirectives.NONE);
    assertThat(CacheDirectives.parse(header).asksForCache()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-cache | false | true | false | 9223372036854775807",
        "No-Cache | false | true | false | 9223372036854775807",
        "no-store | false | false | false | 9223372036854775807",
        "no-cache,no-store | false | false | false | 9223372036854775807",
        "only-if-cached | true | true | true | 9223372036854775807",
        "max-age=60 | true | true | false | 60",
        "max-age=5, max-age=60 | true | true | false | 5",
        "max-age=0, max-age=60 | false | true | false | 0",
        "no-store, max-age=0 | false | false | false | 0",
        "no-store, only-if-cached | false | false | true | 9223372036854775807",
        "max-age=0 | false | true | false | 0",
        "MAX-AGE=\"60\" | true | true | false | 60",
        "only-if-cached ,  max-age=5 | true | true | true | 5",
        "max-age=9999999999 | true | true | false | 9999999999",
        "max-age=99999999999999999999999 | true | true | false | 2147483648",
      })
  void readsWhatIsAskedFor(
      String header, boolean lookUp, boolean store, boolean onlyIfCached, long maxAge) {
    assertThat(CacheDirectives.parse(header))
        .isEqualTo(new CacheDirectives(lookUp, store, onlyIfCached, maxAge));
  }

  @ParameterizedTest
  @ValueSource(strings = {"max-age=", "max-age=-1", "max-age=1.5", "max-age=a", "max-age=1 2"})
  void refusesAnAgeThatIsNoNumber(String header) {
    assertThatExceptionOfType(ApiException.class)
        .isThrownBy(() -> CacheDirectives.parse(header))
        .satisfies(refusal -> {
          assertThat(refusal.error().status()).isEqualTo(400);
          assertThat(refusal.error().param()).isEqualTo("Cache-Control");
          assertThat(refusal.error().message()).contains("a number of seconds");
        });
  }

  @Test
  void speaksOfCachingIfItSetsAnAgeOrWantsNothingElse() {
    assertThat(CacheDirectives.parse("max-age=5").asksForCache()).isTrue();
    assertThat(CacheDirectives.parse("only-if-cached").asksForCache()).isTrue();
    assertThat(CacheDirectives.parse("no-cache").asksForCache()).isFalse();
  }
}
