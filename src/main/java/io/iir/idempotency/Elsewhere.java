package io.iir.idempotency;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * The requests that other gateways answer and that clients of this one wait for. A gateway that
 * answers has the database count; where the count stands still for long, that gateway is no more.
 * Measured by this process's own clock, so that clocks need not agree. Thread-safe.
 */
final class Elsewhere {

  private final IdempotencyStore store;
  private final long patience;
  private final ConcurrentMap<String, Watched> watched = new ConcurrentHashMap<>();

  /** Takes a gateway for dead of which {@code patience} long nothing was heard. */
  Elsewhere(IdempotencyStore store, Duration patience) {
    this.store = store;
    this.patience = patience.toNanos();
  }

  /**
   * Waits until something happens to the request {@code seen}.
   *
   * @return the attempt whose gateway is no more; null where something else has happened
   */
  CompletableFuture<@Nullable StoredRequest> await(StoredRequest seen) {
    return watched.computeIfAbsent(seen.run().request(), id -> new Watched(seen)).ended;
  }

  /** Looks at all. Blocks. */
  void look() {
    look(List.copyOf(watched.keySet()));
  }

  /** Whether anybody waits for the request {@code id}. */
  boolean isAwaited(String id) {
    return watched.containsKey(id);
  }

  /** Looks at those of the requests {@code ids} that anybody waits for. Blocks. */
  void look(List<String> ids) {
    Map<String, StoredRequest> found;
    try {
      found = store.find(ids);
    } catch (DataAccessException e) {
      found = Map.of(); // whoever waits asks once more, and is told what to do without the database
    }
    for (String id : ids) {
      Watched request = watched.get(id);
      if (request != null) {
        judge(id, request, found.get(id));
      }
    }
  }

  private void judge(String id, Watched request, @Nullable StoredRequest now) {
    if (now == null || !now.isRunning() || !now.run().equals(request.seen.run())) {
      end(id, request, null);
    } else if (request.standsStill(now, patience)) {
      end(id, request, now);
    }
  }

  private void end(String id, Watched request, @Nullable StoredRequest dead) {
    watched.remove(id, request);
    request.ended.complete(dead);
  }

  /** One request and its count. */
  private static final class Watched {

    private final CompletableFuture<@Nullable StoredRequest> ended = new CompletableFuture<>();
    private StoredRequest seen;
    private long since = System.nanoTime();

    Watched(StoredRequest seen) {
      this.seen = seen;
    }

    synchronized boolean standsStill(StoredRequest now, long patience) {
      if (!seen.isStill(now)) {
        seen = now;
        since = System.nanoTime();
      }
      return System.nanoTime() - since >= patience;
    }
  }
}
