package io.iir.local;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model's server that is a process of this machine: started here, or found. */
final class RunningProcess implements RunningServer {

  private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);
  private static final long PATIENCE_SECONDS = 10;
  private static final long KILL_SECONDS = 5;

  private final ProcessHandle handle;
  private final @Nullable Process process;
  private final URI baseUrl;
  private final OutputLog output;
  private final Runnable forgotten;
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private volatile boolean stopping;
  private volatile List<ProcessHandle> offspring = List.of();

  /**
   * The server in {@code handle}.
   *
   * @param process the same, if this gateway started it: tells how it ended
   * @param forgotten drops its {@link ChildRecord}
   */
  RunningProcess(
      ProcessHandle handle,
      @Nullable Process process,
      URI baseUrl,
      OutputLog output,
      Runnable forgotten) {
    this.handle = handle;
    this.process = process;
    this.baseUrl = baseUrl;
    this.output = output;
    this.forgotten = forgotten;
    CompletableFuture<?> exit = process == null ? handle.onExit() : process.onExit();
    exit.thenRun(this::exited);
  }

  private void exited() {
    forgotten.run();
    offspring.forEach(ProcessHandle::destroy); // or what it has started would keep the memory
    if (!stopping) {
      ended.complete(obituary());
    }
  }

  @Override
  public String obituary() {
    String how = "ended by itself";
    if (process != null && !process.isAlive()) {
      int code = process.exitValue();
      how =
          code > 128 && code < 160
              ? "was ended by signal %d".formatted(code - 128)
              : "ended by itself with exit code %d".formatted(code);
    }
    return "its server " + how + output.lastWords();
  }

  @Override
  public URI baseUrl() {
    return baseUrl;
  }

  @Override
  public boolean isAlive() {
    return process == null ? handle.isAlive() : process.isAlive();
  }

  @Override
  public CompletableFuture<String> ended() {
    return ended;
  }

  @Override
  public Long pid() {
    return handle.pid();
  }

  /** Asks it, and what it has started, to end; ends them if they do not. */
  @Override
  public void stop() throws InterruptedException {
    stopping = true;
    stop(handle);
    forgotten.run();
  }

  static void stop(ProcessHandle handle) throws InterruptedException {
    List<ProcessHandle> all = new ArrayList<>(handle.descendants().toList());
    all.add(handle);
    all.forEach(ProcessHandle::destroy);
    CompletableFuture<Void> gone =
        CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
    try {
      gone.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      kill(all, gone);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
      throw e;
    }
  }

  private static void kill(List<ProcessHandle> all, CompletableFuture<Void> gone)
      throws InterruptedException {
    all.forEach(ProcessHandle::destroyForcibly);
    try {
      gone.get(KILL_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("process {} does not end even when it is killed", all.getLast().pid());
    }
  }

  @Override
  public void tidy() {
    offspring = handle.descendants().toList();
    output.tidy();
  }
}
