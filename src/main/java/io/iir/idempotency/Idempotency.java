package io.iir.idempotency;

import io.iir.backend.CopyRoom;
import io.iir.cluster.Announcements;
import io.iir.cluster.Announcements.Topic;
import io.iir.config.StateSettings.Mode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Tells the first request of a key from its repetitions, and gives these what the first got, on
 * this gateway or another. Whoever waits for the first holds no thread. Thread-safe; never blocks,
 * but for {@link #close}.
 */
public final class Idempotency implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Idempotency.class);

  /** How often other gateways are told that this one lives, and asked what they have answered. */
  private static final Duration BEAT = Duration.ofMillis(500);

  /** Without a beat for so long, a gateway is taken for dead: 12 beats. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  /** How long the database may take, once it is asked, to say whether a request is the first. */
  private static final Duration SOON = Duration.ofSeconds(3);

  /** How long it is not asked after it did not. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** How often the database is tidied up. */
  private static final Duration TIDY = Duration.ofSeconds(2);

  private static final int CLAIMS_AT_ONCE = 3;
  private static final int TASKS = 3;

  private final IdempotencyStore store;
  private final String self;
  private final Announcements announcements;
  private final ExecutorService blocking;
  private final Mode onFailure;
  private final CopyRoom room;
  private final Elsewhere elsewhere;
  private final ConcurrentMap<String, Run> runs = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong askAgainAt = new AtomicLong(System.nanoTime());
  private final Turns turns = new Turns(CLAIMS_AT_ONCE, SOON);
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(
          TASKS + 1, Thread.ofVirtual().name("idempotency-", 0).factory());
  private final Saves saves;

  /**
   * The requests in {@code store}, for the gateway {@code self}.
   *
   * @param announcements where gateways tell each other that a request has ended
   * @param blocking where the database is asked
   * @param onFailure what to do where the database says nothing
   * @param room the memory of all answers that are not yet saved
   */
  public Idempotency(
      IdempotencyStore store,
      String self,
      Announcements announcements,
      ExecutorService blocking,
      Mode onFailure,
      CopyRoom room) {
    this.store = store;
    this.self = self;
    this.announcements = announcements;
    this.blocking = blocking;
    this.onFailure = onFailure;
    this.room = room;
    this.elsewhere = new Elsewhere(store, PATIENCE);
    this.saves = new Saves(store, blocking, clock, this::forget);
    announcements.listen(Topic.REQUEST_ENDED, this::heard);
    every(BEAT, this::beat);
    every(BEAT, elsewhere::look);
    every(TIDY, this::tidy);
  }

  /**
   * What to do with a request.
   *
   * @param request see {@link IdempotencyKey#id}
   * @param fingerprint see {@link Fingerprint}
   * @return done when that is clear, which may take as long as the first request does
   */
  public CompletableFuture<Claim> begin(String request, String fingerprint) {
    return begin(request, fingerprint, null);
  }

  private CompletableFuture<Claim> begin(
      String request, String fingerprint, @Nullable StoredRequest dead) {
    Run mine =
        new Run(
            new RunId(request, self, numbers.incrementAndGet()), fingerprint, room, this::ended);
    Run other = runs.putIfAbsent(request, mine);
    if (other != null) {
      return other.look().thenCompose(look -> follow(other, fingerprint, look));
    }
    ask(mine, dead);
    return mine.look().thenCompose(look -> lead(mine, look));
  }

  // ---- the database

  private void ask(Run run, @Nullable StoredRequest dead) {
    if (System.nanoTime() - askAgainAt.get() < 0) {
      run.look().complete(new Look.Unavailable());
    } else {
      blocking.execute(() -> {
        if (turns.await()) {
          claim(run, dead);
        } else {
          run.look().complete(new Look.Unavailable());
        }
      });
    }
  }

  private void claim(Run run, @Nullable StoredRequest dead) {
    run.look().completeOnTimeout(new Look.Unavailable(), SOON.toMillis(), TimeUnit.MILLISECONDS);
    Look look = new Look.Unavailable();
    boolean answered = false;
    try {
      look = store.claim(run.id(), run.fingerprint(), dead, this::isRunning);
      answered = true;
    } catch (DataAccessException e) {
      LOG.warn(
          "the database does not tell whether a request is a repetition: {}",
          e.getMostSpecificCause().getClass().getSimpleName());
    } finally {
      turns.end(answered);
    }
    boolean late = !run.look().complete(look);
    if (late && look instanceof Look.Mine && run.isOver()) {
      saves.add(run, Ending.NOTHING); // nobody else would free its place
    }
  }

  private boolean isRunning(RunId id) {
    Run run = runs.get(id.request());
    return run != null && run.id().equals(id);
  }

  /** The request is ours to answer, or the database knows better. */
  private CompletableFuture<Claim> lead(Run run, Look look) {
    return switch (look) {
      case Look.Mine mine -> CompletableFuture.completedFuture(new Claim.First(run, true));
      case Look.Unavailable unavailable -> {
        long now = System.nanoTime();
        askAgainAt.accumulateAndGet(
            now, (until, at) -> until - at > 0 ? until : at + PAUSE.toNanos());
        if (onFailure == Mode.OPEN) {
          yield CompletableFuture.completedFuture(new Claim.First(run, false));
        }
        run.end(Ending.REFUSED);
        yield CompletableFuture.completedFuture(new Claim.Refused());
      }
      case StoredRequest stored -> {
        runs.remove(run.id().request(), run);
        yield judge(stored, run.fingerprint());
      }
    };
  }

  /** This gateway has the same key in hand already. */
  private CompletableFuture<Claim> follow(Run first, String fingerprint, Look look) {
    if (look instanceof StoredRequest stored) {
      return judge(stored, fingerprint);
    }
    if (!first.fingerprint().equals(fingerprint)) {
      return CompletableFuture.completedFuture(new Claim.Reused());
    }
    return first
        .ending()
        .thenCompose(ending ->
            switch (ending) {
              case Ending.Kept kept ->
                  CompletableFuture.completedFuture(new Claim.Replay(kept.answer()));
              case Ending.TooLong tooLong -> CompletableFuture.completedFuture(new Claim.TooLong());
              case Ending.Refused refused -> CompletableFuture.completedFuture(new Claim.Refused());
              case Ending.Nothing nothing -> begin(first.id().request(), fingerprint);
            });
  }

  private CompletableFuture<Claim> judge(StoredRequest stored, String fingerprint) {
    if (!stored.fingerprint().equals(fingerprint)) {
      return CompletableFuture.completedFuture(new Claim.Reused());
    }
    if (stored.isRunning()) {
      return elsewhere
          .await(stored)
          .thenCompose(dead -> begin(stored.run().request(), fingerprint, dead));
    }
    KeptAnswer answer = stored.answer();
    return CompletableFuture.completedFuture(
        answer == null ? new Claim.TooLong() : new Claim.Replay(answer));
  }

  // ---- the end

  private void ended(Run run, Ending how) {
    boolean nothing = how instanceof Ending.Nothing || how instanceof Ending.Refused;
    if (nothing && !(run.look().getNow(new Look.Unavailable()) instanceof Look.Mine)) {
      forget(run, how); // the database need not be told
      return;
    }
    if (!nothing) {
      run.ending().complete(how); // who waits here need not wait for the database
    }
    saves.add(run, how);
  }

  private void forget(Run run, Ending how) {
    runs.remove(run.id().request(), run);
    run.ending().complete(how);
    run.saved().complete(true);
    run.give();
    announcements.tell(Topic.REQUEST_ENDED, run.id().request());
  }

  // ---- other gateways

  private void heard(String request) {
    if (elsewhere.isAwaited(request)) {
      blocking.execute(() -> elsewhere.look(List.of(request)));
    }
  }

  private void beat() {
    if (!runs.isEmpty()) {
      store.beat(self);
    }
  }

  /**
   * Forgets what is old, and what the database still has of attempts that this gateway does not
   * make: it did not hear of their end, and would have others wait for them.
   */
  private void tidy() {
    for (RunId known : store.running(self)) {
      if (!isRunning(known)) {
        store.release(known);
      }
    }
    store.prune();
  }

  /** Does it every {@code pause}; each has a thread of its own, so that none waits for another. */
  private void every(Duration pause, Runnable what) {
    clock.scheduleWithFixedDelay(
        () -> {
          try {
            what.run();
          } catch (DataAccessException e) {
            LOG.debug("the database is away", e);
          } catch (RuntimeException e) {
            LOG.error("requests with keys are not looked after", e);
          }
        },
        pause.toMillis(),
        pause.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** Waits a little for what is still to be kept. */
  @Override
  public void close() {
    CompletableFuture.allOf(
            runs.values().stream().map(Run::saved).toArray(CompletableFuture<?>[]::new))
        .thenApply(all -> true)
        .completeOnTimeout(false, 3, TimeUnit.SECONDS)
        .join();
    clock.shutdownNow();
  }
}
