package io.iir.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.auth.Lookup.Known;
import io.iir.auth.Lookup.Question;
import io.iir.auth.Lookup.Refused;
import io.iir.provider.ModelPattern;
import io.iir.throttle.LimitOverrides;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ApiKeysTest {

  private static final String ADMIN = "the-administrators-own-key";
  private static final String SECRET = "sk-iir-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
  private static final String HEADER = "Bearer " + SECRET;

  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private long nanos;
  private long version = 7;
  private final ApiKeys keys = new ApiKeys(new AdminKey(KeyHash.of(ADMIN)), () -> now, () -> nanos);

  private void advance(long millis) {
    nanos += Duration.ofMillis(millis).toNanos();
    now = now.plusMillis(millis);
  }

  private static StoredKey stored(String name, @Nullable Instant expiresAt) {
    ApiKey key =
        new ApiKey(
            "key_1",
            name,
            null,
            List.of(ModelPattern.ALL),
            LimitOverrides.NONE,
            Map.of(),
            expiresAt,
            Role.USER);
    return new StoredKey(key, KeyHash.of(SECRET), "sk-iir-aaaa…", Instant.EPOCH);
  }

  private Question ask() {
    return (Question) keys.identify(HEADER);
  }

  private Lookup remember(Question question, @Nullable StoredKey stored) {
    return keys.remember(question, stored, version);
  }

  /** The store says which version its keys have. */
  private void confirm() {
    keys.confirm(version, keys.now());
  }

  private String name(Lookup lookup) {
    return ((Known) lookup).key().name();
  }

  @Test
  void tellsByItsFormWhatCannotBeAKey() {
    assertThat(List.of("Bearer " + ADMIN, HEADER)).allMatch(keys::mayIdentify);
    assertThat(Arrays.asList(null, "", "Bearer", "Basic " + SECRET, HEADER + "a", "Bearer x"))
        .noneMatch(keys::mayIdentify)
        .allSatisfy(header -> assertThat(keys.identify(header)).isInstanceOf(Refused.class));
  }

  @Test
  void knowsTheAdministrator() {
    Known admin = (Known) keys.identify("bearer " + ADMIN);

    assertThat(admin.key().id()).isEqualTo("key_admin");
    assertThat(admin.key().role()).isEqualTo(Role.ADMIN);
    assertThat(admin.key().mayCall("local/a")).isTrue();
  }

  @Test
  void asksForAKeyItDoesNotKnow() {
    assertThat(ask().hash()).isEqualTo(KeyHash.of(SECRET));
  }

  @Test
  void asksForNothingThatCannotBeAKey() {
    assertThat(keys.identify(null)).isInstanceOf(Refused.class);
    assertThat(keys.identify("Basic YTpi")).isInstanceOf(Refused.class);
    assertThat(keys.identify("Bearer sk-other")).isInstanceOf(Refused.class);
    assertThat(keys.identify(HEADER + "a")).isInstanceOf(Refused.class);
  }

  @Test
  void remembersForASecond() {
    assertThat(name(remember(ask(), stored("a", null)))).isEqualTo("a");
    advance(999);
    assertThat(name(keys.identify(HEADER))).isEqualTo("a");
    advance(1);
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void remembersForASecondThatThereIsNone() {
    assertThat(remember(ask(), null)).isInstanceOf(Refused.class);
    advance(999);
    assertThat(keys.identify(HEADER)).isInstanceOf(Refused.class);
    advance(1);
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void letsOneCallerRefreshInTheBackground() {
    remember(ask(), stored("old", null));
    advance(499);
    assertThat(((Known) keys.identify(HEADER)).refresh()).isNull();
    advance(1);
    Question refresh = Objects.requireNonNull(((Known) keys.identify(HEADER)).refresh());
    assertThat(((Known) keys.identify(HEADER)).refresh()).isNull();

    remember(refresh, stored("new", null));

    advance(499);
    assertThat(name(keys.identify(HEADER))).isEqualTo("new");
  }

  @Test
  void countsForAsLongAsNoKeyWasChanged() {
    remember(ask(), stored("a", null));
    for (int i = 0; i < 10; i++) {
      advance(400);
      confirm();
      advance(499);
      assertThat(((Known) keys.identify(HEADER)).refresh()).isNull();
    }
    advance(1);
    assertThat(((Known) keys.identify(HEADER)).refresh()).isNotNull();
    advance(500);
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void isAskedForInTheBackgroundOnceAnyKeyWasChanged() {
    remember(ask(), stored("a", null));
    advance(5_000);
    confirm();
    advance(600);
    version++;
    confirm();
    Question refresh = Objects.requireNonNull(((Known) keys.identify(HEADER)).refresh());
    advance(100);
    remember(refresh, stored("b", null));
    assertThat(name(keys.identify(HEADER))).isEqualTo("b");
    advance(800);
    confirm();
    advance(999);
    assertThat(name(keys.identify(HEADER))).isEqualTo("b");
  }

  @Test
  void endsASecondAfterItWasLastAsItWas() {
    remember(ask(), stored("a", null));
    advance(5_000);
    confirm();
    for (int i = 0; i < 3; i++) {
      advance(333);
      version++;
      confirm();
      assertThat(keys.identify(HEADER)).isInstanceOf(Known.class);
    }
    advance(1);
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void isReadAnewOnceAMinuteWhateverTheVersionIs() {
    remember(ask(), stored("a", null));
    advance(59_999);
    confirm();
    assertThat(((Known) keys.identify(HEADER)).refresh()).isNull();
    advance(1);
    confirm();
    Question refresh = Objects.requireNonNull(((Known) keys.identify(HEADER)).refresh());
    assertThat(((Known) keys.identify(HEADER)).refresh()).isNull();
    remember(refresh, null);
    assertThat(keys.identify(HEADER)).isInstanceOf(Refused.class);
  }

  @Test
  void whatWasReadBeforeAChangeIsNotConfirmedBehindIt() {
    Question question = ask();
    remember(question, stored("revoked meanwhile", null));
    version++;
    confirm();
    advance(900);
    confirm();
    advance(100);
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void aKeyChangedHereIsNotConfirmed() {
    remember(ask(), stored("a", null));
    keys.forget(KeyHash.of(SECRET));
    confirm();
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void withoutTheStoreTenMinutesCountFromWhenItWasConfirmed() {
    remember(ask(), stored("a", null));
    advance(Duration.ofMinutes(30).toMillis());
    confirm();
    advance(Duration.ofMinutes(10).toMillis() - 1);
    assertThat(keys.identify(HEADER, ApiKeys.Store.AWAY)).isInstanceOf(Known.class);
    assertThat(keys.withoutStore(ask())).isNotNull();
    advance(1);
    assertThat(keys.identify(HEADER, ApiKeys.Store.AWAY)).isInstanceOf(Question.class);
    assertThat(keys.withoutStore(ask())).isNull();
  }

  @Test
  void changesOfOtherKeysLeaveWhatWasConfirmed() {
    remember(ask(), stored("a", null));
    advance(Duration.ofHours(4).toMillis());
    confirm();
    for (int i = 0; i < 10; i++) {
      advance(Duration.ofSeconds(50).toMillis());
      version++;
      confirm();
    }
    advance(Duration.ofSeconds(100).toMillis() - 1);
    assertThat(keys.identify(HEADER, ApiKeys.Store.AWAY)).isInstanceOf(Known.class);
    advance(1);
    assertThat(keys.identify(HEADER, ApiKeys.Store.AWAY)).isInstanceOf(Question.class);
  }

  @Test
  void tellsWhetherKeysWereUsedSinceItWasAsked() {
    assertThat(keys.takeUse()).isFalse();
    ask();
    assertThat(keys.takeUse()).isTrue();
    assertThat(keys.takeUse()).isFalse();
  }

  @Test
  void refusesAKeyThatARefreshNoLongerFinds() {
    remember(ask(), stored("a", null));
    advance(500);
    Question refresh = Objects.requireNonNull(((Known) keys.identify(HEADER)).refresh());

    remember(refresh, null);

    assertThat(keys.identify(HEADER)).isInstanceOf(Refused.class);
  }

  @Test
  void refusesAKeyFromTheMomentItExpires() {
    Instant expiry = now.plusMillis(300);
    remember(ask(), stored("a", expiry));
    advance(299);
    assertThat(keys.identify(HEADER)).isInstanceOf(Known.class);
    advance(1);
    assertThat(keys.identify(HEADER)).isInstanceOf(Refused.class);
    advance(1000);
    assertThat(remember(ask(), stored("a", expiry))).isInstanceOf(Refused.class);
  }

  @Test
  void refusesARowOfAnotherHash() {
    StoredKey other =
        new StoredKey(stored("a", null).key(), KeyHash.of("other"), "sk", Instant.EPOCH);

    assertThat(remember(ask(), other)).isInstanceOf(Refused.class);
    assertThat(keys.identify(HEADER)).isInstanceOf(Refused.class);
  }

  @Test
  void forgetsAtOnce() {
    remember(ask(), stored("a", null));
    keys.forget(KeyHash.of(SECRET));
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);

    remember(ask(), null);
    keys.forget(KeyHash.of(SECRET));
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void keepsNoAnswerThatAChangeOvertook() {
    Question before = ask();
    keys.forget(KeyHash.of(SECRET));

    assertThat(remember(before, stored("revoked meanwhile", null))).isInstanceOf(Known.class);

    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void countsFromWhenTheStoreWasAsked() {
    Question slow = ask();
    advance(900);
    assertThat(remember(slow, stored("a", null))).isInstanceOf(Known.class);
    advance(99);
    assertThat(keys.identify(HEADER)).isInstanceOf(Known.class);
    advance(1);
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);
  }

  @Test
  void knowsForLongWhoseHashWasAKeys() {
    assertThat(ask().caller()).isEqualTo(Lookup.Caller.STRANGER);
    remember(ask(), stored("a", null));
    advance(3_600_000);
    assertThat(ask().caller()).isEqualTo(Lookup.Caller.FAMILIAR);
    keys.forget(KeyHash.of(SECRET));
    assertThat(ask().caller()).isEqualTo(Lookup.Caller.FAMILIAR);
    remember(ask(), null);
    advance(1000);
    assertThat(ask().caller()).isEqualTo(Lookup.Caller.STRANGER);
  }

  @Test
  void madeUpKeysPushOutNoKey() {
    remember(ask(), stored("a", null));
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < 30_000; i++) {
      Lookup lookup = keys.identify("Bearer " + KeySecret.generate(random));
      assertThat(remember((Question) lookup, null)).isInstanceOf(Refused.class);
    }
    assertThat(keys.identify(HEADER)).isInstanceOf(Known.class);
  }

  @Test
  void aKeyThatIsKnownWellCountsForTenMinutesWithoutTheStore() {
    remember(ask(), stored("ci", null));
    advance(1000);
    assertThat(keys.identify(HEADER)).isInstanceOf(Question.class);

    Known first = (Known) keys.identify(HEADER, ApiKeys.Store.AWAY);
    assertThat(first.key().name()).isEqualTo("ci");
    assertThat(first.refresh()).as("asked for in the background").isNotNull();
    assertThat(((Known) keys.identify(HEADER, ApiKeys.Store.AWAY)).refresh()).isNull();
    advance(500);
    assertThat(((Known) keys.identify(HEADER, ApiKeys.Store.AWAY)).refresh()).isNotNull();
    assertThat(keys.withoutStore(ask())).isEqualTo(new Known(first.key(), null));

    advance(Duration.ofMinutes(10).toMillis());
    assertThat(keys.identify(HEADER, ApiKeys.Store.AWAY)).isInstanceOf(Question.class);
    assertThat(keys.withoutStore(ask())).isNull();
  }

  @Test
  void aKeyThatWasChangedDoesNotCountWithoutTheStore() {
    remember(ask(), stored("ci", null));
    keys.forget(KeyHash.of(SECRET));

    assertThat(keys.identify(HEADER, ApiKeys.Store.AWAY)).isInstanceOf(Question.class);
    assertThat(keys.withoutStore(ask())).isNull();
    remember(ask(), null);
    assertThat(keys.identify(HEADER, ApiKeys.Store.AWAY)).isInstanceOf(Refused.class);
  }

  @Test
  void aKeyThatHasExpiredDoesNotCountWithoutTheStoreEither() {
    remember(ask(), stored("ci", now.plusSeconds(60)));
    advance(60_000);

    assertThat(keys.identify(HEADER, ApiKeys.Store.AWAY)).isInstanceOf(Refused.class);
  }
}
