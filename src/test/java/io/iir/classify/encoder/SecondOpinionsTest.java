package io.iir.classify.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.classify.encoder.SecondOpinions.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The second stage is asked within bounds, and beyond them the answer is there at once. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class SecondOpinionsTest {

  private static final Duration LONG = Duration.ofMinutes(1);

  private final FakeStage stage = new FakeStage();
  private final List<SecondOpinions> made = new ArrayList<>();

  @AfterEach
  void close() {
    stage.opens.countDown();
    stage.answers.countDown();
    made.forEach(SecondOpinions::close);
    assertThat(stage.closed).isTrue();
  }

  private SecondOpinions opening(Duration timeout, int threads, int kept) {
    return opening(FakeStage.BESIDE, new Bounds(timeout, threads, kept));
  }

  private SecondOpinions opening(String first, Bounds bounds) {
    SecondOpinions opinions = new SecondOpinions(stage, first, bounds);
    made.add(opinions);
    return opinions;
  }

  private SecondOpinions ready(Duration timeout, int threads, int kept) {
    SecondOpinions opinions = opening(timeout, threads, kept);
    await().until(() -> opinions.state() == State.READY);
    return opinions;
  }

  private static List<Double> scores(Opinion opinion) {
    return Arrays.stream(Objects.requireNonNull(opinion.scores()).scores()).boxed().toList();
  }

  @Test
  void tellsTheStagesScores() {
    SecondOpinions opinions = ready(LONG, 1, 10);
    Opinion opinion = opinions.ask("Write a poem.").join();
    assertThat(opinion.result()).isEqualTo(Result.READ);
    assertThat(scores(opinion)).isEqualTo(FakeStage.SCORES);
    assertThat(opinions.count(Result.READ)).isEqualTo(1);
  }

  @Test
  void readsOnThreadsOfItsOwnAlone() {
    SecondOpinions opinions = ready(LONG, 2, 10);
    stage.answers = new CountDownLatch(1);
    CompletableFuture<Opinion> opinion = opinions.ask("Write a poem.");
    assertThat(opinion).as("the caller is not held up").isNotDone();
    stage.answers.countDown();
    opinion.join();
    assertThat(stage.threads).singleElement().asString().startsWith("classify-encoder-");
  }

  @Test
  void keepsScoresSoThatTheSameTextIsReadOnce() {
    SecondOpinions opinions = ready(LONG, 1, 10);
    opinions.ask("Write a poem.").join();
    CompletableFuture<Opinion> again = opinions.ask("Write a poem.");
    assertThat(again).isDone();
    assertThat(again.join().result()).isEqualTo(Result.KEPT);
    assertThat(scores(again.join())).isEqualTo(FakeStage.SCORES);
    assertThat(opinions.ask("Write a song.").join().result()).isEqualTo(Result.READ);
    assertThat(stage.texts).containsExactly("Write a poem.", "Write a song.");
  }

  @Test
  void keepsNoMoreThanItMay() {
    SecondOpinions opinions = ready(LONG, 1, 0);
    opinions.ask("Write a poem.").join();
    assertThat(opinions.ask("Write a poem.").join().result()).isEqualTo(Result.READ);
  }

  @Test
  void readsTheStartAndTheEndOfALongText() {
    SecondOpinions opinions = ready(LONG, 1, 10);
    opinions.ask("a".repeat(5_000) + "b".repeat(5_000)).join();
    assertThat(stage.texts).containsExactly("a".repeat(1_024) + "\n" + "b".repeat(512));
  }

  @Test
  void goesOnWithoutWhatIsLate() {
    SecondOpinions opinions = ready(Duration.ofMillis(20), 1, 10);
    stage.answers = new CountDownLatch(1);
    Opinion late = opinions.ask("Write a poem.").join();
    assertThat(late).isEqualTo(Opinion.none(Result.LATE));
    CompletableFuture<Opinion> behind = opinions.ask("Write a song.");
    assertThat(behind.join().result()).isEqualTo(Result.LATE);
    stage.answers.countDown();
    await().until(() -> opinions.ask("Write a poem.").join().result() == Result.KEPT);
    assertThat(stage.texts).as("what is late already is not read").doesNotContain("Write a song.");
    assertThat(opinions.count(Result.LATE)).isEqualTo(2);
  }

  @Test
  void readsSoManyAtATimeLetsFourEachWaitAndRefusesMore() {
    SecondOpinions opinions = ready(LONG, 2, 100);
    stage.answers = new CountDownLatch(1);
    List<CompletableFuture<Opinion>> asked = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      asked.add(opinions.ask("text " + i));
    }
    await().until(() -> stage.texts.size() == 2);
    for (int i = 2; i < 10; i++) {
      asked.add(opinions.ask("text " + i));
    }
    CompletableFuture<Opinion> refused = opinions.ask("one too many");
    assertThat(refused).isDone();
    assertThat(refused.join()).isEqualTo(Opinion.none(Result.BUSY));
    assertThat(stage.texts).hasSize(2);
    stage.answers.countDown();
    asked.forEach(one -> assertThat(one.join().result()).isEqualTo(Result.READ));
    assertThat(opinions.count(Result.READ)).isEqualTo(10);
    assertThat(opinions.count(Result.BUSY)).isEqualTo(1);
  }

  @Test
  void isBusyWhileTheModelIsOpened() {
    stage.opens = new CountDownLatch(1);
    SecondOpinions opinions = opening(LONG, 1, 10);
    assertThat(opinions.state()).isEqualTo(State.OPENING);
    assertThat(opinions.ask("Write a poem.").join()).isEqualTo(Opinion.none(Result.BUSY));
    stage.opens.countDown();
    await().until(() -> opinions.state() == State.READY);
    assertThat(opinions.ask("Write a poem.").join().result()).isEqualTo(Result.READ);
  }

  @Test
  void goesOnWithoutAModelThatCannotBeOpened() {
    stage.openFails = new IOException("the encoder's head is damaged: its checksum is wrong");
    SecondOpinions opinions = opening(LONG, 1, 10);
    await().until(() -> opinions.state() == State.BROKEN);
    assertThat(opinions.ask("Write a poem.").join()).isEqualTo(Opinion.none(Result.FAILED));
    assertThat(stage.texts).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({FakeStage.BESIDE + ", false", "1-00000000, true", "rules, false"})
  void warnsOnceOfAFirstStageThatItWasNotTrainedBeside(
      String first, boolean warns, CapturedOutput console) {
    SecondOpinions opinions = opening(first, new Bounds(LONG, 1, 10));
    await().until(() -> opinions.state() == State.READY);
    assertThat(opinions.ask("Write a poem.").join().result()).isEqualTo(Result.READ);
    assertThat(console.getOut().lines().filter(line -> line.contains("trained beside")).count())
        .isEqualTo(warns ? 1 : 0);
    if (warns) {
      assertThat(console.getOut())
          .contains("trained beside the classifier 1-3fa9c12b, and this is 1-00000000:");
    }
  }

  @Test
  void goesOnWithoutScoresWhereTheStageFails() {
    SecondOpinions opinions = ready(LONG, 1, 10);
    stage.fails = new IllegalStateException("ONNX Runtime failed");
    assertThat(opinions.ask("Write a poem.").join()).isEqualTo(Opinion.none(Result.FAILED));
    stage.fails = null;
    assertThat(opinions.ask("Write a poem.").join().result())
        .as("a failure is not kept")
        .isEqualTo(Result.READ);
  }
}
