package io.iir.local;

import io.iir.config.LocalModelSettings;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model's server as a program of this machine, started by its argument list, never through a
 * shell. It is told a free port of 127.0.0.1 to listen on, and writes to a file.
 */
final class ProcessServer implements ModelServer {

  private static final Logger LOG = LoggerFactory.getLogger(ProcessServer.class);
  private static final Duration QUESTION = Duration.ofSeconds(2);
  private static final long PAUSE_MILLIS = 50;

  private final LocalModelSettings settings;
  private final ServerHttp http;
  private final Traces traces;
  private final Map<String, String> environment;
  private final Scrubber scrubber;

  /**
   * The server of {@code settings}.
   *
   * @param traces where the record and the output of it are kept
   * @param inherited the gateway's environment
   */
  ProcessServer(
      LocalModelSettings settings, ServerHttp http, Traces traces, Map<String, String> inherited) {
    this.settings = settings;
    this.http = http;
    this.traces = traces;
    ProgramSecrets known = ProgramSecrets.of(settings, inherited);
    this.environment = known.environment();
    this.scrubber = new Scrubber(known.secrets());
  }

  @Override
  public RunningServer start() throws ModelStartException, InterruptedException {
    traces.dropOutputOf(settings.id());
    int port = freePort();
    OutputLog output = new OutputLog(traces.output(settings.id(), port), scrubber);
    Process process = launch(port, output);
    RunningProcess running = running(process.toHandle(), process, port, output);
    boolean ready = false;
    try {
      remember(process.toHandle(), port);
      awaitReady(running, port, output);
      ready = true;
    } finally {
      if (!ready) {
        running.stop();
      }
    }
    return running;
  }

  private RunningProcess running(
      ProcessHandle handle, @Nullable Process process, int port, OutputLog output) {
    return new RunningProcess(
        handle, process, baseUrl(port), output, () -> traces.forget(settings.id(), port));
  }

  /** From now on this gateway looks after the process. */
  private void remember(ProcessHandle process, int port) throws ModelStartException {
    Path record = traces.record(settings.id(), port);
    try {
      ChildRecord.of(settings.id(), process, port, fingerprint()).write(record);
    } catch (IOException e) {
      throw new ModelStartException(
          "cannot be started: its process cannot be noted in %s: %s".formatted(record, e));
    }
  }

  private Process launch(int port, OutputLog output) throws ModelStartException {
    List<String> command =
        settings.command().stream()
            .map(word ->
                word.replace("{port}", Integer.toString(port)).replace("{model}", settings.model()))
            .toList();
    Path directory = settings.directoryPath();
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    try {
      output.create();
    } catch (IOException e) {
      throw new ModelStartException(
          "cannot be started: its output cannot be written to %s: %s".formatted(output.file(), e));
    }
    try {
      return builder
          .redirectErrorStream(true)
          .redirectInput(Redirect.from(Redirect.DISCARD.file()))
          .redirectOutput(Redirect.appendTo(output.file().toFile()))
          .start();
    } catch (IOException e) {
      throw new ModelStartException(
          "cannot be started: '%s' is not there or cannot be run%s (%s); see iir.local.models"
              .formatted(
                  command.getFirst(),
                  directory == null ? "" : " in the directory '%s'".formatted(directory),
                  reason(e)));
    }
  }

  /** What the system says, without the whole command before it. */
  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    int error = message.indexOf("error=");
    return error < 0 ? message : message.substring(error);
  }

  private void awaitReady(RunningProcess running, int port, OutputLog output)
      throws ModelStartException, InterruptedException {
    long deadline = System.nanoTime() + settings.startTimeout().toNanos();
    URI url = URI.create("http://127.0.0.1:%d%s".formatted(port, settings.ready()));
    String last = "nothing listens there";
    while (true) {
      if (!running.isAlive()) {
        throw new ModelStartException(running.obituary());
      }
      try {
        int status = http.get(url, settings.apiKey(), QUESTION).status();
        if (status == 200 && running.isAlive()) {
          return;
        }
        last = "it answers HTTP %d".formatted(status);
      } catch (IOException e) {
        last = last.startsWith("it answers") ? last : "nothing listens there";
      }
      if (System.nanoTime() - deadline > 0) {
        throw new ModelStartException(
            "was not ready at %s within %s: %s%s%s"
                .formatted(
                    url,
                    words(settings.startTimeout()),
                    last,
                    ListeningPorts.otherThan(port, running.pid()),
                    output.lastWords()));
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  static String words(Duration limit) {
    return limit.toMillis() % 1000 == 0
        ? "%d s".formatted(limit.toSeconds())
        : "%d ms".formatted(limit.toMillis());
  }

  @Override
  public @Nullable RunningServer find() throws InterruptedException {
    RunningServer found = null;
    for (ChildRecord known : traces.of(settings.id())) {
      Optional<ProcessHandle> process = known.process();
      if (process.isEmpty()) {
        continue;
      }
      if (found == null && known.fingerprint().equals(fingerprint()) && isReady(known.port())) {
        found = takeOver(process.get(), known.port());
      }
      if (found == null || !process.get().equals(ProcessHandle.of(pid(found)).orElse(null))) {
        LOG.info("{}: process {}, which was left behind, is stopped", known.id(), known.pid());
        RunningProcess.stop(process.get());
        traces.forget(known.id(), known.port());
      }
    }
    return found;
  }

  private static long pid(RunningServer server) {
    Long pid = server.pid();
    return pid == null ? -1 : pid;
  }

  private @Nullable RunningServer takeOver(ProcessHandle process, int port) {
    try {
      remember(process, port);
    } catch (ModelStartException e) {
      LOG.warn("{} {}", settings.id(), e.getMessage());
      return null;
    }
    LOG.info("{}: its server, process {}, is taken over", settings.id(), process.pid());
    OutputLog output = new OutputLog(traces.output(settings.id(), port), scrubber);
    return running(process, null, port, output);
  }

  private boolean isReady(int port) throws InterruptedException {
    URI url = URI.create("http://127.0.0.1:%d%s".formatted(port, settings.ready()));
    try {
      return http.get(url, settings.apiKey(), QUESTION).status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private URI baseUrl(int port) {
    return URI.create("http://127.0.0.1:" + port + settings.basePath().replaceAll("/+$", ""));
  }

  private static int freePort() throws ModelStartException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new ModelStartException("cannot be started: no port is free (%s)".formatted(e));
    }
  }

  /** The same for the same settings; tells no secret of them. */
  private String fingerprint() {
    Map<String, String> said = new TreeMap<>();
    settings.environment().forEach((name, value) -> said.put(name, value.value()));
    return Traces.digest(
        String.join(
            "\n",
            settings.command().toString(),
            settings.model(),
            String.valueOf(settings.directory()),
            settings.basePath(),
            said.toString(),
            settings.apiKey() == null ? "" : settings.apiKey().value()));
  }
}
