package io.iir.backend;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * How many connections one provider has to one origin, on all event loops together, and who waits
 * for one, first come first served. Thread-safe; a call that finds an idle connection does not come
 * here.
 */
final class OriginQuota {

  /** What becomes of a claim. */
  enum Claim {
    /** A connection may be opened; {@link #closed} is to be called when it has closed. */
    GRANTED,
    /** The claim waits in the queue. */
    QUEUED,
    /** The queue is full. */
    REFUSED
  }

  /**
   * Who waits.
   *
   * @param pool where the connection is wanted
   * @param borrower by whom
   */
  record Waiter(UpstreamPool pool, UpstreamPool.Borrower borrower) {}

  private final PoolBounds bounds;
  private final List<UpstreamPool> pools = new CopyOnWriteArrayList<>();
  private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
  private int open;
  private volatile boolean awaited;

  OriginQuota(PoolBounds bounds) {
    this.bounds = bounds;
  }

  PoolBounds bounds() {
    return bounds;
  }

  /** From now on {@code pool} gives up idle connections where another loop waits for one. */
  void join(UpstreamPool pool) {
    pools.add(pool);
  }

  /** Asks for a connection for {@code waiter}. */
  Claim claim(Waiter waiter) {
    synchronized (this) {
      if (open < bounds.maxConnections()) {
        open++;
        return Claim.GRANTED;
      }
      if (queue.size() >= bounds.maxWaiting()) {
        return Claim.REFUSED;
      }
      queue.addLast(waiter);
      awaited = true;
    }
    pools.forEach(UpstreamPool::giveUpIdle);
    return Claim.QUEUED;
  }

  /** As {@link #claim}, for one that had a connection already: it is not refused, nor goes last. */
  Claim reclaim(Waiter waiter) {
    synchronized (this) {
      if (open < bounds.maxConnections()) {
        open++;
        return Claim.GRANTED;
      }
      queue.addFirst(waiter);
      awaited = true;
    }
    pools.forEach(UpstreamPool::giveUpIdle);
    return Claim.QUEUED;
  }

  /** How many connections there are. */
  synchronized int open() {
    return open;
  }

  /** How many of them carry no call. */
  int idle() {
    return pools.stream().mapToInt(UpstreamPool::idle).sum();
  }

  /** How many wait. */
  synchronized int waiting() {
    return queue.size();
  }

  /** Whether somebody waits, on whatever loop. */
  boolean awaited() {
    return awaited;
  }

  /** Who waits longest, or null; leaves the queue if it is one of {@code pool}'s. */
  synchronized @Nullable Waiter first(UpstreamPool pool) {
    Waiter first = queue.peekFirst();
    if (first != null && first.pool() == pool) {
      queue.removeFirst();
      awaited = !queue.isEmpty();
    }
    return first;
  }

  /** Does not wait any more. */
  synchronized void withdraw(UpstreamPool.Borrower borrower) {
    queue.removeIf(waiter -> waiter.borrower().equals(borrower));
    awaited = !queue.isEmpty();
  }

  /** A connection has closed: who may open one in its place, or null. */
  synchronized @Nullable Waiter closed() {
    Waiter next = queue.pollFirst();
    awaited = !queue.isEmpty();
    if (next == null) {
      open--;
    }
    return next;
  }
}
