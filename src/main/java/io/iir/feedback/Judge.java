package io.iir.feedback;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.config.JudgeSettings;
import io.iir.feedback.JudgePrompt.Verdict;
import io.iir.feedback.Models.Reply;
import io.iir.metrics.FeedbackMeters;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * Compares answers: asks the other model of a pair the same, then a judge which answer is better,
 * in both orders. Whatever is as good as the other counts 1, what is worse 0; where the judge
 * contradicts itself that is a tie. Works on virtual threads; what waits is in memory alone, and is
 * dropped where more waits than {@code max-queued}, and when the gateway stops. Thread-safe; taking
 * a comparison never blocks.
 */
public final class Judge implements SmartLifecycle {

  /** What becomes of a comparison. */
  enum Outcome {
    /** The weak model's answer is better. */
    WEAK,
    /** The strong model's answer is better. */
    STRONG,
    /** Neither, or the judge contradicts itself. */
    TIE,
    /** The judge gave no verdict. */
    UNREADABLE,
    /** A model gave no answer, or the result could not be kept. */
    FAILED,
    /** Too many waited. */
    DROPPED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

  private final JudgeSettings settings;
  private final Models models;
  private final FeedbackStore store;
  private final FeedbackMeters meters;
  private final Clock clock;
  private final BlockingQueue<Comparison> waiting;
  private final List<Thread> threads = new CopyOnWriteArrayList<>();
  private volatile boolean running;
  private volatile boolean told;

  /**
   * A judge that asks {@code models} as {@code settings} say, and keeps scores in {@code store}.
   */
  Judge(
      JudgeSettings settings,
      Models models,
      FeedbackStore store,
      FeedbackMeters meters,
      Clock clock) {
    this.settings = settings;
    this.models = models;
    this.store = store;
    this.meters = meters;
    this.clock = clock;
    this.waiting = new ArrayBlockingQueue<>(settings.maxQueued());
  }

  @Override
  public void start() {
    if (settings.model() != null && !running) {
      running = true;
      for (int i = 0; i < settings.maxConcurrent(); i++) {
        threads.add(Thread.ofVirtual().name("judge-" + i).start(this::run));
      }
    }
  }

  /** Takes {@code comparison}, or drops it. */
  public void take(Comparison comparison) {
    if (!waiting.offer(comparison)) {
      count(Outcome.DROPPED);
    }
  }

  private void run() {
    try {
      while (running) {
        Comparison comparison = waiting.take();
        try {
          count(compare(comparison));
        } catch (RuntimeException e) {
          count(Outcome.FAILED);
          LOG.warn("a comparison of answers has failed: {}", e.getClass().getName());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it is closed
    }
  }

  private Outcome compare(Comparison comparison) {
    String answer = ask(JudgePrompt.same(comparison.request(), comparison.other()));
    if (answer == null) {
      return Outcome.FAILED;
    }
    Verdict first = verdict(comparison, comparison.answer(), answer);
    Verdict second =
        first == null || first == Verdict.UNREADABLE
            ? first
            : verdict(comparison, answer, comparison.answer());
    if (first == null || second == null) {
      return Outcome.FAILED;
    }
    if (second == Verdict.UNREADABLE) {
      tell("the judge gave no verdict");
      return Outcome.UNREADABLE;
    }
    return keep(comparison, first, second);
  }

  private @Nullable Verdict verdict(Comparison comparison, String a, String b) {
    String judge = Objects.requireNonNull(settings.model());
    String answer = ask(JudgePrompt.compare(comparison.request(), judge, a, b));
    return answer == null ? null : JudgePrompt.verdict(answer);
  }

  private @Nullable String ask(ObjectNode chat) {
    return switch (models.ask(chat)) {
      case Reply.Text(String text) -> text;
      case Reply.None(String why) -> {
        tell(why);
        yield null;
      }
    };
  }

  /** The answer that was compared was A first, then B. */
  private Outcome keep(Comparison comparison, Verdict first, Verdict second) {
    Served served = comparison.served();
    Served other = served.by(comparison.other());
    boolean wins = first == Verdict.A && second == Verdict.B;
    boolean loses = first == Verdict.B && second == Verdict.A;
    try {
      int kept =
          store.keep(
              List.of(new Score(served, loses ? 0 : 1), new Score(other, wins ? 0 : 1)),
              Scorer.JUDGE,
              clock.millis());
      meters.events(Scorer.JUDGE.word(), kept);
    } catch (DataAccessException e) {
      tell("its result cannot be kept: " + e.getMessage());
      return Outcome.FAILED;
    }
    told = false;
    if (!wins && !loses) {
      return Outcome.TIE;
    }
    String winner = (wins ? served : other).model();
    return winner.equals(comparison.pair().weak()) ? Outcome.WEAK : Outcome.STRONG;
  }

  /** Once, until a comparison has gone well again. */
  private void tell(String why) {
    if (!told && running) {
      told = true;
      LOG.warn("answers were not compared: {}", why);
    }
  }

  private void count(Outcome outcome) {
    meters.comparison(outcome.word());
  }

  @Override
  public void stop() {
    running = false;
    threads.forEach(Thread::interrupt);
    threads.clear();
    waiting.clear();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
