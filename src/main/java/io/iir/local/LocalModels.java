package io.iir.local;

import io.iir.local.LocalModel.Phase;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that are started when a request needs them: starts each once however many wait for it,
 * stops those that nobody used for their time, makes room by stopping the one that was idle for the
 * longest, and waits longer and longer between starts of one that fails.
 *
 * <p>Thread-safe. Requests never block: the lock is held for a few field accesses, servers are
 * started and stopped on virtual threads.
 *
 * <p>Longer than 300 lines because a request, a start, a stop and a crash each change the same
 * models under the same lock.
 */
public final class LocalModels implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalModels.class);
  private static final Duration ROUND = Duration.ofMillis(250);
  private static final Duration LAST_STOPS = Duration.ofSeconds(30);

  private final ReentrantLock lock = new ReentrantLock();
  private final ReentrantLock makingRoom = new ReentrantLock();
  private final List<LocalModel> models;
  private final Room room;
  private final Duration wait;
  private final LocalMeters meters;
  private final Runnable changed;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService rounds =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofVirtual().name("local-models-", 0).factory());
  private final Map<LocalModel, Future<?>> starting = new HashMap<>();
  private volatile boolean closed;

  /**
   * Starts and stops {@code models}.
   *
   * @param room whether there is memory for another one
   * @param wait how long a request waits for one to be ready
   * @param changed is run when the state of one has changed, outside the lock
   */
  LocalModels(
      List<LocalModel> models, Room room, Duration wait, LocalMeters meters, Runnable changed) {
    this.models = List.copyOf(models);
    this.room = room;
    this.wait = wait;
    this.meters = meters;
    this.changed = changed;
  }

  /** Takes over servers that run already, and from now on stops those that are idle. */
  void start() throws InterruptedException {
    if (models.isEmpty()) {
      return;
    }
    for (LocalModel model : models) {
      RunningServer found = model.server().find();
      if (found != null) {
        lock.lock();
        try {
          ready(model, found);
        } finally {
          lock.unlock();
        }
      }
    }
    changed.run();
    workers.execute(this::judge);
    Future<?> round =
        rounds.scheduleWithFixedDelay(
            this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("{} models are started on demand: {}", models.size(), round);
  }

  /** Finds out which of them this machine can never run: nobody waits for that. */
  private void judge() {
    for (LocalModel model : models) {
      String reason = room.beyondMachine(model.settings());
      if (reason != null) {
        LOG.warn("{} {}", model.id(), reason);
        model.unfit(reason);
      }
    }
    changed.run();
  }

  /** All of them, in the order of the settings. */
  public List<LocalModel> list() {
    return models;
  }

  /** How long a request waits for one to be ready. */
  public Duration longestWait() {
    return wait;
  }

  // ---- requests

  /** Holds {@code model} for a request, and starts it if need be. Give the lease back. */
  public Lease acquire(LocalModel model) {
    Lease lease = new Lease(model, this);
    boolean starts = false;
    boolean crashed = false;
    lock.lock();
    try {
      model.used();
      RunningServer running = model.running();
      crashed = running != null && !running.isAlive(); // it would be heard of in a moment
      if (running != null && crashed) {
        crash(model, running.obituary());
      }
      String refusal = refusal(model);
      if (refusal != null) {
        fail(lease, model, refusal);
      } else if (model.phase() == Phase.READY && running != null) {
        lease.ready().complete(running.baseUrl());
      } else {
        model.waiting().add(lease);
        starts = model.phase() == Phase.STOPPED || model.phase() == Phase.FAILED;
        if (starts) {
          begin(model);
        }
      }
    } finally {
      lock.unlock();
    }
    if (starts || crashed) {
      tell();
    }
    return lease.ready().isDone() ? lease : limited(lease, model);
  }

  private @Nullable String refusal(LocalModel model) {
    return closed
        ? "is not started: the gateway is stopping"
        : model.unfit() != null ? model.unfit() : model.unavailable();
  }

  private Lease limited(Lease lease, LocalModel model) {
    CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
    CompletableFuture<?> limit =
        timer
            .completeOnTimeout(null, wait.toMillis(), TimeUnit.MILLISECONDS)
            .thenRun(() -> {
              lock.lock();
              try {
                model.waiting().remove(lease);
                fail(
                    lease,
                    model,
                    "is being started and was not ready within the %s that a request waits"
                        .formatted(ProcessServer.words(wait)));
              } finally {
                lock.unlock();
              }
            });
    lease
        .ready()
        .whenComplete((url, failure) -> {
          timer.complete(null);
          limit.cancel(false);
        });
    return lease;
  }

  private static void fail(Lease lease, LocalModel model, String reason) {
    lease.ready().completeExceptionally(new NotReadyException(reason, model.retryAfterSeconds()));
  }

  void released(Lease lease, LocalModel model) {
    lock.lock();
    try {
      model.waiting().remove(lease);
      model.unused();
    } finally {
      lock.unlock();
    }
  }

  // ---- starts, under the lock

  private void begin(LocalModel model) {
    model.loading();
    starting.put(model, workers.submit(() -> load(model)));
  }

  /** Lets those know who show the states: not here, where an event loop may wait. */
  private void tell() {
    if (!closed) {
      workers.execute(changed);
    }
  }

  private void ready(LocalModel model, RunningServer server) {
    long took = model.ready(server);
    for (Lease lease : List.copyOf(model.waiting())) {
      lease.ready().complete(server.baseUrl());
    }
    model.waiting().clear();
    if (took > 0) {
      meters.started(model, took);
      LOG.info("{} is ready at {} after {} ms", model.id(), server.baseUrl(), took / 1_000_000);
    }
    server.ended().thenAccept(how -> crashed(model, server, how));
  }

  private void failAll(LocalModel model, String reason) {
    for (Lease lease : List.copyOf(model.waiting())) {
      fail(lease, model, reason);
    }
    model.waiting().clear();
  }

  // ---- starts, on a thread of their own

  private void load(LocalModel model) {
    RunningServer server = null;
    String reason;
    boolean tried = false;
    try {
      reason = makeRoom(model);
      if (reason == null) {
        tried = true;
        server = model.server().start();
        reason = "";
      }
    } catch (ModelStartException e) {
      reason = String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "was not started: the gateway is stopping";
    } catch (RuntimeException | LinkageError e) {
      LOG.error("{} cannot be started", model.id(), e);
      tried = true;
      reason = "cannot be started: " + e;
    }
    boolean unwanted = false;
    lock.lock();
    try {
      starting.remove(model);
      if (server != null && !closed) {
        ready(model, server);
      } else if (server != null) {
        unwanted = true;
        model.notStarted();
        failAll(model, "was not started: the gateway is stopping");
      } else if (tried) {
        model.startFailed(reason);
        meters.failed(model);
        failAll(model, reason);
        LOG.warn("{} {}", model.id(), reason);
      } else {
        model.notStarted();
        failAll(model, reason);
        LOG.warn("{} is not started: it {}", model.id(), reason);
      }
    } finally {
      lock.unlock();
    }
    if (unwanted && server != null) {
      stopNow(server);
    }
    tell();
  }

  /**
   * Stops idle models, the one idle for the longest first, until there is memory for {@code model};
   * what is missing if that does not help, else null.
   */
  private @Nullable String makeRoom(LocalModel model) throws InterruptedException {
    if (!room.counts(model.settings())) {
      return null;
    }
    makingRoom.lockInterruptibly();
    try {
      while (true) {
        LocalModel victim;
        RunningServer server;
        List<Long> free = room.measure(model);
        lock.lock();
        try {
          Room.Missing missing = room.missing(model, models, free);
          if (missing == null) {
            model.takeRoom();
            return null;
          }
          victim = victim(model, missing);
          if (victim == null) {
            return missing.words() + busy(model);
          }
          LOG.info("{} is stopped to make room: {} {}", victim.id(), model.id(), missing.words());
          server = victim.stopping();
        } finally {
          lock.unlock();
        }
        finishStop(victim, server, "evicted");
      }
    } finally {
      makingRoom.unlock();
    }
  }

  /** The one that was idle for the longest; null if stopping all that are idle would not help. */
  private @Nullable LocalModel victim(LocalModel besides, Room.Missing missing) {
    List<LocalModel> idle =
        models.stream()
            .filter(model -> model != besides && model.isIdleFor(Duration.ZERO))
            .filter(model -> missing.takes().applyAsLong(model) > 0)
            .toList();
    if (idle.stream().mapToLong(missing.takes()).sum() < missing.bytes()) {
      return null;
    }
    return idle.stream()
        .max(Comparator.comparingLong(model -> System.nanoTime() - model.idleSince()))
        .orElse(null);
  }

  private String busy(LocalModel besides) {
    List<String> busy =
        models.stream()
            .filter(model -> model != besides)
            .filter(model -> model.phase() == Phase.READY || model.phase() == Phase.LOADING)
            .map(LocalModel::id)
            .toList();
    return busy.isEmpty() ? "" : "; in use: " + String.join(", ", busy);
  }

  // ---- ends

  private void crashed(LocalModel model, RunningServer server, String how) {
    lock.lock();
    try {
      if (!server.equals(model.running())) {
        return; // it was asked to end, or a request saw it first
      }
      crash(model, how);
    } finally {
      lock.unlock();
    }
    LOG.warn("{}: {}", model.id(), how);
    tell();
  }

  private void crash(LocalModel model, String how) {
    model.crashed(how);
    meters.crashed(model);
  }

  private void round() {
    for (LocalModel model : models) {
      try {
        RunningServer running = model.running();
        if (running != null) {
          running.tidy();
        }
        stopIf(model, model.settings().idleTtl(), "idle");
      } catch (RuntimeException e) {
        LOG.error("{} is not looked after", model.id(), e); // one that escaped would end all rounds
      }
    }
  }

  /** Stops {@code model} now if no request uses it; false if one does, or it does not run. */
  public boolean stop(LocalModel model) {
    return stopIf(model, Duration.ZERO, "asked");
  }

  private boolean stopIf(LocalModel model, Duration idle, String why) {
    lock.lock();
    try {
      if (closed || !model.isIdleFor(idle)) {
        return false;
      }
      RunningServer server = model.stopping();
      workers.execute(() -> finishStop(model, server, why));
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void finishStop(LocalModel model, @Nullable RunningServer server, String why) {
    tell();
    try {
      if (server != null) {
        stopNow(server);
      }
      LOG.info("{} is stopped ({})", model.id(), why);
    } finally {
      lock.lock();
      try {
        model.stopped();
        if (!closed && !model.waiting().isEmpty()) {
          begin(model);
        }
      } finally {
        lock.unlock();
      }
      tell();
    }
  }

  private static void stopNow(RunningServer server) {
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops all of them, and waits until they are gone, or for some time. */
  @Override
  public void close() {
    rounds.shutdownNow();
    lock.lock();
    try {
      closed = true;
      for (LocalModel model : models) {
        failAll(model, "was not started: the gateway is stopping");
        RunningServer server = model.running();
        if (server != null) {
          model.stopping();
          workers.execute(() -> stopNow(server));
        }
      }
      starting.values().forEach(start -> start.cancel(true)); // it ends what it has started
    } finally {
      lock.unlock();
    }
    workers.shutdown();
    try {
      if (!workers.awaitTermination(LAST_STOPS.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("a model's server does not end");
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
