package io.iir.local;

import io.iir.local.LocalModel.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    Future<?> round =
        rounds.scheduleWithFixedDelay(
            this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("{} models are started on demand: {}", models.size(), round);
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
    lock.lock();
    try {
      model.used();
      RunningServer running = model.running();
      if (running != null && !running.isAlive()) {
        crash(model, "its server has just ended"); // its end would be heard of in a moment
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
    if (starts) {
      changed.run();
    }
    return lease.ready().isDone() ? lease : limited(lease, model);
  }

  private @Nullable String refusal(LocalModel model) {
    return closed
        ? "is not started: the gateway is stopping"
        : model.unfit() != null ? model.unfit() : model.unavailable();
  }

  private Lease limited(Lease lease, LocalModel model) {
    CompletableFuture<?> limit =
        new CompletableFuture<>()
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
    lease.ready().whenComplete((url, failure) -> limit.cancel(false));
    return lease;
  }

  private static void fail(Lease lease, LocalModel model, String reason) {
    lease.ready().completeExceptionally(new NotReadyException(reason, model.retryAfterSeconds()));
  }

  void released(LocalModel model) {
    lock.lock();
    try {
      model.unused();
    } finally {
      lock.unlock();
    }
  }

  // ---- starts, under the lock

  private void begin(LocalModel model) {
    model.loading();
    workers.execute(() -> load(model));
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
    } catch (RuntimeException e) {
      LOG.error("{} cannot be started", model.id(), e);
      reason = "cannot be started: " + e;
    }
    boolean unwanted = false;
    lock.lock();
    try {
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
    changed.run();
  }

  /**
   * Stops idle models, the one idle for the longest first, until there is memory for {@code model};
   * what is missing if that does not help, else null.
   */
  private @Nullable String makeRoom(LocalModel model) throws InterruptedException {
    makingRoom.lockInterruptibly();
    try {
      while (true) {
        LocalModel victim;
        RunningServer server;
        List<Long> free = room.measure(model);
        lock.lock();
        try {
          String missing = room.missing(model, models, free);
          if (missing == null) {
            model.takeRoom();
            return null;
          }
          victim = longestIdle(model);
          if (victim == null) {
            return missing + busy(model);
          }
          LOG.info("{} is stopped to make room: {} {}", victim.id(), model.id(), missing);
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

  private @Nullable LocalModel longestIdle(LocalModel besides) {
    return models.stream()
        .filter(model -> model != besides && model.isIdleFor(Duration.ZERO))
        .filter(model -> model.settings().memory() != null || model.settings().vram() != null)
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
        return; // it was asked to end
      }
      crash(model, how);
    } finally {
      lock.unlock();
    }
    LOG.warn("{}: {}", model.id(), how);
    changed.run();
  }

  private void crash(LocalModel model, String how) {
    model.crashed(how);
    meters.crashed(model);
  }

  private void round() {
    for (LocalModel model : models) {
      RunningServer running = model.running();
      if (running != null) {
        running.tidy();
      }
      stopIf(model, model.settings().idleTtl(), "idle");
    }
  }

  /** Stops {@code model} now if no request uses it; false if one does, or it does not run. */
  public boolean stop(LocalModel model) {
    return stopIf(model, Duration.ZERO, "asked");
  }

  private boolean stopIf(LocalModel model, Duration idle, String why) {
    RunningServer server;
    lock.lock();
    try {
      if (!model.isIdleFor(idle)) {
        return false;
      }
      server = model.stopping();
    } finally {
      lock.unlock();
    }
    workers.execute(() -> finishStop(model, server, why));
    return true;
  }

  private void finishStop(LocalModel model, @Nullable RunningServer server, String why) {
    changed.run();
    if (server != null) {
      stopNow(server);
    }
    LOG.info("{} is stopped ({})", model.id(), why);
    lock.lock();
    try {
      model.stopped();
      if (!model.waiting().isEmpty()) {
        begin(model);
      }
    } finally {
      lock.unlock();
    }
    changed.run();
  }

  private static void stopNow(RunningServer server) {
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops all of them, and waits until they are gone. */
  @Override
  public void close() {
    rounds.shutdownNow();
    List<Thread> stops = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      for (LocalModel model : models) {
        failAll(model, "was not started: the gateway is stopping");
        RunningServer server = model.running();
        if (server != null) {
          model.stopping();
          stops.add(Thread.ofVirtual().start(() -> stopNow(server)));
        }
      }
    } finally {
      lock.unlock();
    }
    workers.shutdownNow(); // starts that are under way end their servers
    try {
      for (Thread stop : stops) {
        stop.join();
      }
      if (!workers.awaitTermination(15, TimeUnit.SECONDS)) {
        LOG.warn("a model's server does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
