package io.iir.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iir.auth.Lookup.Asked;
import io.iir.auth.Lookup.Caller;
import io.iir.auth.Lookup.Part;
import io.iir.auth.Lookup.Question;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyLookupsTest {

  private final KeyLookups lookups = new KeyLookups(1, 2, () -> true);

  private static Question question(String secret, long generation, Caller caller) {
    return new Question(KeyHash.of(secret), generation, 0, caller);
  }

  private Asked join(String secret, Caller caller) {
    return Objects.requireNonNull(lookups.join(question(secret, 0, caller)));
  }

  @Test
  void theSameQuestionIsPutOnce() {
    Asked first = join("a", Caller.STRANGER);
    Asked second = join("a", Caller.STRANGER);

    assertThat(first.part()).isEqualTo(Part.ASKS);
    assertThat(second.part()).isEqualTo(Part.WAITS);
    assertThat(second.answer()).isSameAs(first.answer());

    lookups.begin(first);
    first.answer().complete(new Lookup.Refused());
    lookups.end(first, null);

    assertThat(second.answer().join()).isInstanceOf(Lookup.Refused.class);
    assertThat(join("a", Caller.STRANGER).part()).isEqualTo(Part.ASKS);
  }

  @Test
  void whoAsksAfterAChangeGetsNoAnswerFromBefore() {
    join("a", Caller.FAMILIAR);

    Asked after = Objects.requireNonNull(lookups.join(question("a", 1, Caller.FAMILIAR)));

    assertThat(after.part()).isEqualTo(Part.ASKS);
  }

  @Test
  void aFailureIsEverybodysWhoWaits() {
    Asked first = join("a", Caller.STRANGER);
    Asked second = join("a", Caller.STRANGER);
    lookups.begin(first);

    lookups.end(first, new IllegalStateException("no database"));

    assertThatThrownBy(() -> second.answer().join()).hasRootCauseMessage("no database");
  }

  @Test
  void onlySoManyStrangersAskAndNobodyElseIsRefused() {
    Asked first = join("a", Caller.STRANGER);
    join("b", Caller.STRANGER);

    assertThat(lookups.join(question("c", 0, Caller.STRANGER))).isNull();
    assertThat(join("b", Caller.STRANGER).part()).isEqualTo(Part.WAITS);
    assertThat(join("d", Caller.FAMILIAR).part()).isEqualTo(Part.ASKS);

    lookups.begin(first);
    lookups.end(first, null);
    assertThat(join("c", Caller.STRANGER).part()).isEqualTo(Part.ASKS);
  }

  @Test
  void strangersAreServedOneAfterTheOtherAndNobodyElseWaits() {
    Asked first = join("a", Caller.STRANGER);
    Asked second = join("b", Caller.STRANGER);
    AtomicInteger served = new AtomicInteger();
    lookups.begin(first);
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              lookups.begin(second);
              served.incrementAndGet();
              lookups.end(second, null);
            });

    lookups.begin(join("c", Caller.FAMILIAR));
    await().until(() -> waiting.getState() == Thread.State.WAITING);
    assertThat(served).hasValue(0);
    lookups.end(first, null);

    await().until(() -> served.get() == 1);
  }

  @Test
  void theStoreIsAwayUntilItAnswers() {
    assertThat(lookups.isStoreAway()).isFalse();
    Asked failing = join("a", Caller.FAMILIAR);
    lookups.begin(failing);
    lookups.end(failing, new IllegalStateException("down"));
    assertThat(lookups.isStoreAway()).isTrue();

    Asked answered = join("a", Caller.FAMILIAR);
    lookups.begin(answered);
    answered.answer().complete(new Lookup.Refused());
    lookups.end(answered, null);
    assertThat(lookups.isStoreAway()).isFalse();
  }

  @Test
  void theStoreIsAwayAsLongAsOthersSaySoOrAQuestionHangs() {
    AtomicBoolean well = new AtomicBoolean();
    KeyLookups watched = new KeyLookups(1, 2, well::get);
    assertThat(watched.isStoreAway()).isTrue();
    well.set(true);
    assertThat(watched.isStoreAway()).isFalse();
    watched.storeFailed("late");
    assertThat(watched.isStoreAway()).isTrue();
    await().until(() -> !watched.isStoreAway());

    Asked hanging = Objects.requireNonNull(watched.join(question("a", 0, Caller.FAMILIAR)));
    await().until(watched::isStoreAway);
    hanging.answer().complete(new Lookup.Refused());
    watched.end(hanging, null);
    assertThat(watched.isStoreAway()).isFalse();
  }
}
