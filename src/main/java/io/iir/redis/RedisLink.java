package io.iir.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateAdapter;
import io.lettuce.core.api.StatefulConnection;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis, which whoever watches over it opens anew when it is lost. Thread-safe,
 * never blocks.
 *
 * @param <C> the kind of connection
 */
final class RedisLink<C extends StatefulConnection<byte[], byte[]>> {

  /** Who is told of changes, on one of Redis's threads. */
  interface Watcher<C> {
    /** There is a connection now. */
    void opened(C connection);

    /** There is none now, or still none. */
    void lost(RedisFault fault);
  }

  private final Supplier<CompletionStage<C>> connector;
  private final Watcher<? super C> watcher;
  private final AtomicReference<@Nullable CompletableFuture<C>> attempt = new AtomicReference<>();
  private volatile @Nullable C current;
  private volatile boolean closed;

  RedisLink(Supplier<CompletionStage<C>> connector, Watcher<? super C> watcher) {
    this.connector = connector;
    this.watcher = watcher;
  }

  /** The connection; null where there is none. */
  @Nullable C current() {
    return current;
  }

  /** The connection, opened unless there is one or one is being opened. */
  CompletableFuture<C> open() {
    C connection = current;
    if (connection != null) {
      return CompletableFuture.completedFuture(connection);
    }
    CompletableFuture<C> mine = new CompletableFuture<>();
    CompletableFuture<C> other = attempt.compareAndExchange(null, mine);
    if (other != null) {
      return other;
    }
    C meanwhile = current; // since the first look another attempt may have come to its end
    if (meanwhile != null) {
      attempt.set(null);
      mine.complete(meanwhile);
      return mine;
    }
    connect().whenComplete((opened, failure) -> take(mine, opened, failure));
    return mine;
  }

  private CompletionStage<C> connect() {
    try {
      return connector.get();
    } catch (RuntimeException e) { // such as a kind of socket that this machine does not have
      return CompletableFuture.failedFuture(e);
    }
  }

  private void take(
      CompletableFuture<C> asked, @Nullable C connection, @Nullable Throwable failure) {
    if (connection == null) {
      Throwable cause = failure == null ? new ClosedChannelException() : failure;
      attempt.set(null);
      watcher.lost(RedisFault.of(cause));
      asked.completeExceptionally(cause);
      return;
    }
    connection.addListener(
        new RedisConnectionStateAdapter() {
          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            drop(connection, RedisFault.LOST);
          }
        });
    current = connection;
    attempt.set(null);
    if (closed || !connection.isOpen()) { // closed while it was being opened
      drop(connection, RedisFault.LOST);
    } else {
      watcher.opened(connection);
    }
    asked.complete(connection);
  }

  /** Gives {@code connection} up because of {@code fault}; does nothing if it is given up. */
  @SuppressWarnings("ReferenceEquality") // that very connection, not one like it
  void drop(C connection, RedisFault fault) {
    synchronized (this) {
      if (current != connection) {
        return;
      }
      current = null;
    }
    connection.closeAsync();
    watcher.lost(fault);
  }

  /** Opens a new one instead of {@code connection}: another server may be at its address now. */
  @SuppressWarnings("ReferenceEquality") // that very connection, not one like it
  void renew(C connection) {
    synchronized (this) {
      if (current != connection) {
        return;
      }
      current = null;
    }
    connection.closeAsync();
    open();
  }

  /** Gives it up for good; one that is opened from now on is closed at once. */
  synchronized void close() {
    closed = true;
    current = null;
  }
}
