package io.iir.classify.encoder;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.iir.classify.Classification;
import io.iir.classify.MoreScores;
import io.iir.classify.SecondStage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the second stage on threads of its own, so many at a time and no longer than its {@link
 * Bounds} say; beyond them it says so at once. Of a long text only the start and the end are read.
 * Thread-safe; {@link #ask} never blocks.
 */
public final class SecondOpinions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SecondOpinions.class);

  /** How much of a long text is read, in characters. */
  private static final int HEAD = 1024;

  private static final int TAIL = 512;

  /** How many texts may wait for a thread: more than it reads within a usual timeout. */
  private static final int WAITING_A_THREAD = 4;

  /** What has become of the second stage. */
  public enum State {
    OPENING("opening"),
    READY("ok"),
    BROKEN("broken");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** The word in {@code /health}. */
    public String word() {
      return word;
    }
  }

  private final SecondStage stage;
  private final String first;
  private final Bounds bounds;
  private final Cache<TextKey, MoreScores> kept;
  private final ThreadPoolExecutor readers;
  private final Map<Result, LongAdder> counts =
      Arrays.stream(Result.values())
          .collect(Collectors.toUnmodifiableMap(Function.identity(), result -> new LongAdder()));
  private volatile State state = State.OPENING;

  /**
   * Asks {@code stage}, which is opened in the background, and closed with this.
   *
   * @param first the version of the first stage, which it should be fitted beside
   */
  public SecondOpinions(SecondStage stage, String first, Bounds bounds) {
    this.stage = stage;
    this.first = first;
    this.bounds = bounds;
    kept = Caffeine.newBuilder().maximumSize(bounds.kept()).executor(Runnable::run).build();
    readers =
        new ThreadPoolExecutor(
            bounds.threads(),
            bounds.threads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(bounds.threads() * WAITING_A_THREAD),
            Thread.ofPlatform().daemon().name("classify-encoder-", 0).factory());
    readers.execute(this::open);
  }

  private void open() {
    try {
      stage.open();
      warnIfStrange();
      state = State.READY;
    } catch (IOException | RuntimeException | LinkageError e) {
      state = State.BROKEN;
      LOG.warn(
          "The encoder cannot be used: {}. Requests are classified without it; start the gateway"
              + " again when that is mended, or set iir.classify.encoder to off.",
          e.getMessage());
    }
  }

  /** Beside rules it is not asked. */
  private void warnIfStrange() {
    if (!first.equals(Classification.RULES) && !first.equals(stage.fittedBeside())) {
      LOG.warn(
          "The encoder was trained beside the classifier {}, and this is {}: what both tell"
              + " together may be wrong more often. Train the encoder's head anew"
              + " (docs/CLASSIFICATION.md), or set iir.classify.encoder to off.",
          stage.fittedBeside(),
          first);
    }
  }

  /** Whether it can be asked. */
  public State state() {
    return state;
  }

  /** How often a request to it came to {@code result}. */
  public long count(Result result) {
    return counter(result).sum();
  }

  private LongAdder counter(Result result) {
    return Objects.requireNonNull(counts.get(result));
  }

  /** What the second stage says of {@code text}; never fails, and is there in time. */
  public CompletableFuture<Opinion> ask(String text) {
    if (state != State.READY) {
      return now(Opinion.none(state == State.OPENING ? Result.BUSY : Result.FAILED));
    }
    String seen = excerpt(text);
    TextKey key = TextKey.of(seen);
    MoreScores known = kept.getIfPresent(key);
    if (known != null) {
      return now(new Opinion(Result.KEPT, known));
    }
    CompletableFuture<Opinion> opinion = new CompletableFuture<>();
    try {
      readers.execute(() -> {
        if (!opinion.isDone()) { // else it is too late
          opinion.complete(read(seen, key));
        }
      });
    } catch (RejectedExecutionException e) {
      return now(Opinion.none(Result.BUSY));
    }
    return opinion
        .completeOnTimeout(
            Opinion.none(Result.LATE), bounds.timeout().toNanos(), TimeUnit.NANOSECONDS)
        .thenApply(this::counted);
  }

  private Opinion read(String text, TextKey key) {
    try {
      MoreScores scores = new MoreScores(stage.firstWeight(), stage.scores(text));
      kept.put(key, scores);
      return new Opinion(Result.READ, scores);
    } catch (RuntimeException | LinkageError e) { // counted; a log line a request would be too much
      return Opinion.none(Result.FAILED);
    }
  }

  private CompletableFuture<Opinion> now(Opinion opinion) {
    return CompletableFuture.completedFuture(counted(opinion));
  }

  private Opinion counted(Opinion opinion) {
    counter(opinion.result()).increment();
    return opinion;
  }

  private static String excerpt(String text) {
    int size = text.length();
    return size <= HEAD + 1 + TAIL
        ? text
        : text.substring(0, HEAD) + "\n" + text.substring(size - TAIL);
  }

  @Override
  public void close() {
    readers.shutdownNow();
    boolean over = false;
    try {
      over = readers.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (over) { // else a reader is still at it, and goes with the process
      stage.close();
    }
  }
}
