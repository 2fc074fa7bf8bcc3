package io.iir.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A refresh under way, for all who wait for it. Thread-safe. */
public final class Refresh {

  private static final Logger LOG = LoggerFactory.getLogger(Refresh.class);

  /** Who is told what happens. Called on the threads of the refresh: must not block. */
  public interface Watcher {
    /** A part is there. */
    void part(String name, ObjectNode part);

    /** All is there. */
    void done(ObjectNode report);

    /** There will be no more, because of {@code cause}. */
    void failed(Throwable cause);
  }

  private final CompletableFuture<ObjectNode> report = new CompletableFuture<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final List<Part> told = new ArrayList<>();

  private record Part(String name, ObjectNode content) {
    /** One who is told and fails is no reason for others not to be. */
    void to(Watcher watcher) {
      try {
        watcher.part(name, content);
      } catch (RuntimeException e) {
        LOG.warn("a watcher of a refresh was not told of a part", e);
      }
    }
  }

  /**
   * Waits for the end; returns what came of it all.
   *
   * @throws IllegalStateException if the refresh failed
   */
  public ObjectNode await() throws InterruptedException {
    try {
      return report.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the refresh of the registry failed", e.getCause());
    }
  }

  /** Tells {@code watcher} of all: of what has been at once, and of the rest when it comes. */
  public void watch(Watcher watcher) {
    synchronized (watchers) {
      told.forEach(part -> part.to(watcher));
      watchers.add(watcher);
    }
    report.whenComplete((done, failure) -> {
      if (failure == null) {
        watcher.done(done);
      } else {
        watcher.failed(failure);
      }
    });
  }

  /** Tells {@code watcher} of no more parts. */
  public void forget(Watcher watcher) {
    synchronized (watchers) {
      watchers.remove(watcher);
    }
  }

  void tell(String name, ObjectNode content) {
    Part part = new Part(name, content);
    synchronized (watchers) {
      told.add(part);
      watchers.forEach(part::to);
    }
  }

  /** This is the end: with {@code done}, or with {@code failure}. */
  void end(@Nullable ObjectNode done, @Nullable Throwable failure) {
    boolean first =
        done == null
            ? report.completeExceptionally(
                failure == null ? new IllegalStateException("no report") : failure)
            : report.complete(done);
    assert first : "a refresh ends once";
  }
}
