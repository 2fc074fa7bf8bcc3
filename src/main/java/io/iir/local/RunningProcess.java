package io.iir.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A model's server that is a process of this machine: started here, or found. */
final class RunningProcess implements RunningServer {

  private static final long PATIENCE_SECONDS = 10;

  private final ProcessHandle handle;
  private final @Nullable Process process;
  private final URI baseUrl;
  private final OutputLog output;
  private final Path record;
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private volatile boolean stopping;

  /**
   * The server in {@code handle}.
   *
   * @param process the same, if this gateway started it: tells how it ended
   * @param record the file that holds its {@link ChildRecord}
   */
  RunningProcess(
      ProcessHandle handle, @Nullable Process process, URI baseUrl, OutputLog output, Path record) {
    this.handle = handle;
    this.process = process;
    this.baseUrl = baseUrl;
    this.output = output;
    this.record = record;
    CompletableFuture<?> exit = process == null ? handle.onExit() : process.onExit();
    exit.thenRun(this::exited);
  }

  private void exited() {
    forget();
    if (!stopping) {
      ended.complete(obituary());
    }
  }

  /** How it ended, in words that go behind the model's name. */
  String obituary() {
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
    forget();
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
      all.forEach(ProcessHandle::destroyForcibly);
      gone.join();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
      throw e;
    }
  }

  private void forget() {
    try {
      Files.deleteIfExists(record);
    } catch (IOException e) {
      // A record of a process that has ended does no harm: it is seen when it is read.
      return;
    }
  }

  @Override
  public void tidy() {
    output.tidy();
  }
}
