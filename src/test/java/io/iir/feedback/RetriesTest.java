package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RetriesTest {

  private static final Conversation ASKED = new Conversation("key_1", 1, 1, 10);

  private final List<String> failed = new CopyOnWriteArrayList<>();
  private final Retries retries =
      new Retries(
          Duration.ofMinutes(5),
          (answers, at) -> answers.forEach(answer -> failed.add(answer.requestId())));

  @BeforeEach
  void start() {
    retries.start();
  }

  @AfterEach
  void stop() {
    retries.close();
  }

  private void answered(Conversation what, String request, String model, long began, long ended) {
    answered(what, request, model, began, ended, true, true);
  }

  private void answered(
      Conversation what,
      String request,
      String model,
      long began,
      long ended,
      boolean whole,
      boolean wanted) {
    Served served = new Served(what.keyId(), request, model, "math", 0.5, "1-a", null);
    retries.answered(
        what,
        new Answer(served, whole, wanted, began, ended),
        (one, two) -> one.equals("p/strong") && two.equals("p/weak"));
  }

  /** Events are written in their order: when this one is, all before it are. */
  private void awaitLast() {
    Conversation last = new Conversation("key_last", 9, 1, 1);
    answered(last, "last", "p/weak", 0, 1);
    answered(last, "again", "p/strong", 2, 3);
    await().until(() -> failed.contains("last"));
  }

  @Test
  void aRetryOnAStrongerModelCountsOnce() {
    answered(ASKED, "first", "p/weak", 0, 100);
    answered(ASKED, "second", "p/strong", 200, 300);
    answered(ASKED, "third", "p/strong", 400, 500);
    awaitLast();
    assertThat(failed).containsExactly("first", "last");
  }

  @Test
  void whatIsNoRetryDoesNotCount() {
    answered(ASKED, "at once", "p/weak", 0, 100);
    answered(ASKED, "compared", "p/strong", 50, 300);
    answered(ASKED, "weaker", "p/weak", 400, 500);
    answered(ASKED, "too late", "p/strong", 500 + Duration.ofMinutes(5).toMillis() + 1, 999_999);
    answered(new Conversation("key_2", 1, 1, 10), "mine", "p/weak", 0, 1);
    answered(new Conversation("key_3", 1, 1, 10), "another's", "p/strong", 2, 3);
    awaitLast();
    assertThat(failed).containsExactly("last");
  }

  @Test
  void aBrokenAnswerAndTheGatewaysOwnChoiceSayNothing() {
    answered(ASKED, "broken", "p/weak", 0, 100, false, true);
    answered(ASKED, "after it", "p/strong", 200, 300, true, true);
    answered(ASKED, "good", "p/weak", 400, 500, true, false);
    answered(ASKED, "failover", "p/strong", 600, 700, true, false);
    awaitLast();
    assertThat(failed).containsExactly("last");
  }

  @Test
  void theFirstAnswerMayBeTheGatewaysChoiceAndTheSecondMayBreak() {
    answered(ASKED, "chosen", "p/weak", 0, 100, true, false);
    answered(ASKED, "named", "p/strong", 200, 300, false, true);
    awaitLast();
    assertThat(failed).containsExactly("chosen", "last");
  }

  @Test
  void withinNoTimeThereIsNone() {
    assertThat(new Retries(Duration.ZERO, (answers, at) -> {}).sees()).isFalse();
    assertThat(retries.sees()).isTrue();
  }
}
