package io.iir.local;

import io.iir.config.LocalModelSettings;
import io.iir.provider.Model;
import io.iir.provider.OnDemandModel;
import io.iir.provider.Provider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One model that is started when a request needs it, and how it is. What it shows may be read by
 * any thread; what changes it is for {@link LocalModels}, under its lock.
 */
public final class LocalModel implements OnDemandModel {

  /** How far its server is. */
  enum Phase {
    STOPPED,
    LOADING,
    READY,
    STOPPING,
    FAILED
  }

  private static final long NANOS = 1_000_000_000L;

  /** A server that ran for so long was not broken when it was started. */
  private static final long STABLE_NANOS = 60 * NANOS;

  private static final long LONGEST_BACK_OFF_SECONDS = 60;

  private final LocalModelSettings settings;
  private final Provider provider;
  private final ModelServer server;
  private volatile @Nullable String unfit;
  private final List<Lease> waiting = new ArrayList<>();

  private volatile Phase phase = Phase.STOPPED;
  private volatile @Nullable String failure;
  private volatile long retryAt;
  private final AtomicInteger users = new AtomicInteger();
  private volatile @Nullable RunningServer running;
  private final AtomicLong starts = new AtomicLong();
  private long idleSince = System.nanoTime();
  private long since = System.nanoTime();
  private long lastLoadNanos;
  private int failures;
  private boolean roomTaken;

  /**
   * A model that is stopped.
   *
   * @param provider what its server wants to be called by
   * @param server starts it
   * @param unfit why it can never run, as far as that is known; null if it can
   */
  LocalModel(
      LocalModelSettings settings, Provider provider, ModelServer server, @Nullable String unfit) {
    this.settings = settings;
    this.provider = provider;
    this.server = server;
    this.unfit = unfit;
  }

  // ---- what it shows

  /** {@code local/<model>}. */
  public String id() {
    return settings.id();
  }

  @Override
  public Provider provider() {
    return provider;
  }

  @Override
  public String model() {
    return settings.id().substring(settings.id().indexOf('/') + 1);
  }

  @Override
  public String upstream() {
    return settings.model();
  }

  @Override
  public Model.State state() {
    return switch (phase) {
      case STOPPED, STOPPING -> Model.State.STOPPED;
      case LOADING -> Model.State.LOADING;
      case READY -> Model.State.READY;
      case FAILED -> Model.State.FAILED;
    };
  }

  @Override
  public @Nullable String unfit() {
    return unfit;
  }

  @Override
  public @Nullable String unavailable() {
    if (phase != Phase.FAILED) {
      return null;
    }
    long left = retryAt - System.nanoTime();
    return left <= 0
        ? null
        : "%s; it is started again in %d s, if a request needs it"
            .formatted(failure, seconds(left));
  }

  /** Why it failed last, in words that go behind its name; null: it has not, or is ready again. */
  public @Nullable String failure() {
    return failure;
  }

  /** How many requests use it or wait for it. */
  public int users() {
    return users.get();
  }

  /** How often it was started. */
  public long starts() {
    return starts.get();
  }

  /** Its process; null: none, or none that is known here. */
  public @Nullable Long pid() {
    RunningServer now = running;
    return now == null ? null : now.pid();
  }

  /** Where it listens; null: it does not run. */
  public @Nullable String address() {
    RunningServer now = running;
    return now == null ? null : now.baseUrl().toString();
  }

  // ---- what changes it, under the lock

  LocalModelSettings settings() {
    return settings;
  }

  ModelServer server() {
    return server;
  }

  Phase phase() {
    return phase;
  }

  @Nullable RunningServer running() {
    return running;
  }

  List<Lease> waiting() {
    return waiting;
  }

  /** Whether it has been promised the memory that it takes. */
  boolean roomTaken() {
    return roomTaken;
  }

  void unfit(String reason) {
    unfit = reason;
  }

  void takeRoom() {
    roomTaken = true;
  }

  void used() {
    users.incrementAndGet();
  }

  void unused() {
    users.decrementAndGet();
    idleSince = System.nanoTime();
  }

  long idleSince() {
    return idleSince;
  }

  boolean isIdleFor(Duration limit) {
    return phase == Phase.READY
        && users.get() == 0
        && System.nanoTime() - idleSince >= limit.toNanos();
  }

  void loading() {
    phase = Phase.LOADING;
    since = System.nanoTime();
    roomTaken = false;
    starts.incrementAndGet();
  }

  /** How long its start took; 0 if it was found. */
  long ready(RunningServer server) {
    boolean started = phase == Phase.LOADING;
    lastLoadNanos = started ? System.nanoTime() - since : 0;
    running = server;
    failure = null;
    phase = Phase.READY;
    since = System.nanoTime();
    idleSince = since;
    return lastLoadNanos;
  }

  @Nullable RunningServer stopping() {
    RunningServer now = running;
    running = null;
    phase = Phase.STOPPING;
    return now;
  }

  void stopped() {
    phase = Phase.STOPPED;
    roomTaken = false;
    failures = 0;
  }

  /** It was not tried: it has failed nothing. */
  void notStarted() {
    phase = Phase.STOPPED;
    roomTaken = false;
  }

  /** It could not be started: each time in a row it waits twice as long. */
  void startFailed(String reason) {
    failures++;
    failed(reason, failures);
  }

  /** It has ended by itself: the first time it may be started again at once. */
  void crashed(String reason) {
    boolean stable = System.nanoTime() - since >= STABLE_NANOS;
    failures = stable ? 1 : failures + 1;
    failed(reason, failures - 1);
  }

  private void failed(String reason, int step) {
    failure = reason;
    running = null;
    roomTaken = false;
    long pause = step == 0 ? 0 : Math.min(LONGEST_BACK_OFF_SECONDS, 1L << Math.min(step - 1, 10));
    retryAt = System.nanoTime() + pause * NANOS;
    phase = Phase.FAILED;
  }

  /** When it is worth asking again, in seconds. */
  long retryAfterSeconds() {
    if (phase == Phase.FAILED) {
      return seconds(Math.max(1, retryAt - System.nanoTime()));
    }
    long usual = lastLoadNanos == 0 ? 5 * NANOS : lastLoadNanos;
    return phase == Phase.LOADING ? seconds(Math.max(NANOS, since + usual - System.nanoTime())) : 5;
  }

  private static long seconds(long nanos) {
    return (nanos + NANOS - 1) / NANOS;
  }
}
