package io.iir.hardware;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Runs programs of this machine, for so long at most, and keeps so much of what they write at most.
 * They see only those variables of the environment that a program needs to start, so no key of a
 * provider.
 */
final class ProcessRunner implements CommandRunner {

  private static final int MOST = 4 << 20;
  private static final Set<String> VARIABLES =
      Set.of(
          "PATH",
          "HOME",
          "LD_LIBRARY_PATH",
          "DYLD_LIBRARY_PATH",
          "SYSTEMROOT",
          "WINDIR",
          "SYSTEMDRIVE",
          "PROGRAMFILES",
          "PATHEXT",
          "TEMP",
          "TMP",
          "TMPDIR");

  /** ENOENT, as the JDK's versions put it. */
  private static final Pattern NO_FILE = Pattern.compile("error[=:] ?2\\b");

  private final Duration limit;

  /** A runner that stops programs after {@code limit}. */
  ProcessRunner(Duration limit) {
    this.limit = limit;
  }

  @Override
  public Outcome run(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    strip(builder.environment());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      return NO_FILE.matcher(why).find()
          ? new Outcome.Missing()
          : new Outcome.Broken("cannot be started: " + why);
    }
    try {
      long end = System.nanoTime() + limit.toNanos();
      process.getOutputStream().close();
      CompletableFuture<String> output = reading(process.getInputStream());
      CompletableFuture<String> errors = reading(process.getErrorStream());
      if (!process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        return new Outcome.Broken("did not end within %d ms".formatted(limit.toMillis()));
      }
      return new Outcome.Ended(process.exitValue(), rest(output, end), rest(errors, end));
    } catch (TimeoutException e) {
      return new Outcome.Broken(
          "left a program behind that holds its output open after %d ms"
              .formatted(limit.toMillis()));
    } catch (IOException | ExecutionException e) {
      return new Outcome.Broken("cannot be run: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Broken("was not waited for: the gateway stops");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static void strip(Map<String, String> environment) {
    environment.keySet().removeIf(name -> !VARIABLES.contains(name.toUpperCase(Locale.ROOT)));
    environment.put("LC_ALL", "C");
  }

  /**
   * What comes out of {@code stream}, read by a thread that nobody waits for: what the program
   * started may hold its output open for ever, and such a read cannot be broken off. A platform
   * thread, as a blocked one must not hold a carrier of the virtual ones.
   */
  private static CompletableFuture<String> reading(InputStream stream) {
    CompletableFuture<String> all = new CompletableFuture<>();
    Thread.ofPlatform().daemon().name("program-output").start(() -> all.complete(read(stream)));
    return all;
  }

  private static String rest(CompletableFuture<String> output, long end)
      throws InterruptedException, ExecutionException, TimeoutException {
    return output.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  /** What comes out of {@code stream}: it is read to its end, or the program would wait. */
  private static String read(InputStream stream) {
    try (stream) {
      byte[] kept = stream.readNBytes(MOST);
      stream.transferTo(OutputStream.nullOutputStream());
      return new String(kept, UTF_8);
    } catch (IOException e) {
      return ""; // the program was stopped
    }
  }
}
