package io.iir.classify;

import io.iir.classify.Classifier.Workspace;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * Workspaces that are used again: each platform thread has its own, virtual threads, which are many
 * and short-lived, share some. Classifying blocks nowhere, so that there are never more of these
 * than processors. Thread-safe.
 */
final class Workspaces {

  private final Supplier<Workspace> maker;
  private final ThreadLocal<Workspace> own;
  private final Queue<Workspace> shared = new ConcurrentLinkedQueue<>();

  Workspaces(Supplier<Workspace> maker) {
    this.maker = maker;
    own = ThreadLocal.withInitial(maker);
  }

  /** One for this thread, until it is given back. */
  Workspace take() {
    if (!Thread.currentThread().isVirtual()) {
      return own.get();
    }
    Workspace free = shared.poll();
    return free == null ? maker.get() : free;
  }

  void giveBack(Workspace workspace) {
    if (Thread.currentThread().isVirtual()) {
      shared.add(workspace);
    }
  }
}
