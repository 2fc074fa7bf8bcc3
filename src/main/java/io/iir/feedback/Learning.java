package io.iir.feedback;

import io.iir.config.ClassifySettings;
import io.iir.feedback.Calibration.Outcome;
import io.iir.feedback.Calibration.Source;
import io.iir.usage.LedgerWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes what clients say of answers, and makes calibrations of it. What it knows is in the
 * database, and the same for all gateways that share one. Blocks. Thread-safe.
 */
public final class Learning {

  /** Older events say nothing of today's models. */
  private static final Duration EVENTS = Duration.ofDays(90);

  private static final Duration BETWEEN_PRUNES = Duration.ofHours(1);
  private static final int PORTION = 500;

  /** After so long another target may count, and what failed is tried again. */
  private static final Duration SOON = Duration.ofMinutes(10);

  /** Targets this near are the same. */
  private static final double SAME = 1e-9;

  private static final int MOST_VERSIONS = 50;
  private static final String GATEWAY = "gateway";

  private final FeedbackStore events;
  private final CalibrationStore versions;
  private final QualityGate gate;
  private final LedgerWriter ledger;
  private final Supplier<String> classifier;
  private final ClassifySettings settings;
  private final double target;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Instant nextPrune = Instant.EPOCH;

  Learning(
      FeedbackStore events,
      CalibrationStore versions,
      QualityGate gate,
      LedgerWriter ledger,
      Supplier<String> classifier,
      ClassifySettings settings,
      double target,
      Clock clock) {
    this.events = events;
    this.versions = versions;
    this.gate = gate;
    this.ledger = ledger;
    this.classifier = classifier;
    this.settings = settings;
    this.target = target;
    this.clock = clock;
  }

  /**
   * Takes {@code feedback} of the key {@code keyId}.
   *
   * @return what it is about; null: this key got no such answer, or too long ago
   */
  public @Nullable Served take(String keyId, Feedback feedback) throws InterruptedException {
    Instant now = clock.instant();
    Instant since = now.minus(settings.feedbackWithin());
    Served served = events.find(keyId, feedback.requestId(), since);
    if (served == null) {
      if (ledger.waiting() > 0) { // the request may be among what waits
        ledger.writeNow();
      }
      served = events.find(keyId, feedback.requestId(), since);
    }
    if (served != null) {
      events.put(served, feedback.score(), feedback.comment(), now);
    }
    return served;
  }

  /**
   * Makes a new version of the events that the running classifier's complexities belong to, and
   * uses it.
   *
   * @param author the id of the key that commands it
   * @return the version; null: there are no events of models between which there was a choice
   */
  public @Nullable Calibration refit(String author) {
    return refit(Source.COMMAND, author);
  }

  private @Nullable Calibration refit(Source source, String author) {
    lock.lock();
    try {
      Instant now = clock.instant();
      String version = classifier.get();
      Calibration live = versions.live(version);
      List<PairCalibration> pairs =
          Fit.of(
              events.events(now.minus(EVENTS), version),
              events.traffic(version),
              target,
              live == null ? Map.of() : live.byPair());
      if (pairs.isEmpty()) {
        return null;
      }
      Calibration made =
          versions.add(
              new Calibration(
                  0,
                  Instant.ofEpochMilli(now.toEpochMilli()),
                  source,
                  author,
                  Outcome.ACCEPTED,
                  version,
                  target,
                  Calibration.byPair(pairs)));
      gate.use(made);
      return made;
    } finally {
      lock.unlock();
    }
  }

  /** Goes back to the version before the one in use, or to none; false: none is in use. */
  public boolean rollBack() {
    lock.lock();
    try {
      String version = classifier.get();
      boolean done = versions.rollBack(version);
      gate.use(versions.live(version));
      return done;
    } finally {
      lock.unlock();
    }
  }

  /** Uses what other gateways made or took back. */
  void follow() {
    lock.lock();
    try {
      Calibration now = gate.live();
      String version = classifier.get();
      if (versions.liveNumber(version) != (now == null ? 0 : now.number())) {
        gate.use(versions.live(version));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Deletes some of the events that are too old. Refits if it is time, or soon if the version in
   * use was for another target, and no other gateway does; unless the newest version was taken
   * back: then somebody has to command it. What fails is tried again soon.
   */
  void refitInTurn() {
    prune();
    Duration every = settings.refitEvery();
    if (every.isZero()) {
      return;
    }
    Duration soon = every.compareTo(SOON) < 0 ? every : SOON;
    Instant now = clock.instant();
    if (!versions.takeTurn(now, now.minus(isForAnotherTarget() ? soon : every))) {
      return;
    }
    try {
      if (!versions.isRolledBack(classifier.get())) {
        refit(Source.SCHEDULE, GATEWAY);
      }
    } catch (RuntimeException e) {
      giveBack(now, every.minus(soon), e);
      throw e;
    }
  }

  private boolean isForAnotherTarget() {
    Calibration live = gate.live();
    return live != null && Math.abs(live.target() - target) > SAME;
  }

  /** The turn of {@code now} was of no use: it is as if it had been taken {@code earlier}. */
  private void giveBack(Instant now, Duration earlier, RuntimeException reason) {
    try {
      versions.takeTurn(now.minus(earlier), now);
    } catch (RuntimeException e) {
      reason.addSuppressed(e);
    }
  }

  /** A portion at a time, so that others can write between; once there is no more, hourly. */
  private void prune() {
    Instant now = clock.instant();
    if (!now.isBefore(nextPrune) && events.prune(now.minus(EVENTS), PORTION) < PORTION) {
      nextPrune = now.plus(BETWEEN_PRUNES);
    }
  }

  /** The newest versions, the newest first. */
  public List<Calibration> versions() {
    return versions.list(MOST_VERSIONS);
  }

  /** How many events are kept. */
  public long events() {
    return events.count();
  }

  /** The quality that is to be kept. */
  public double target() {
    return target;
  }

  /** How many requests of each category there were on the last {@code days} days, today too. */
  public Map<String, Long> categories(int days) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    return events.categories(today.minusDays(days - 1L), today);
  }
}
