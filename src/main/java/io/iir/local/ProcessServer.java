package io.iir.local;

import io.iir.config.LocalModelSettings;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
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
  private static final File NOTHING = new File("/dev/null");

  /** What the gateway's own secrets are named; a program gets them only where settings say so. */
  private static final List<String> KEPT = List.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");

  private final LocalModelSettings settings;
  private final ServerHttp http;
  private final Path record;
  private final OutputLog output;
  private final Map<String, String> environment;

  /**
   * The server of {@code settings}.
   *
   * @param folder where the record and the output of it are kept
   * @param inherited the gateway's environment
   */
  ProcessServer(
      LocalModelSettings settings, ServerHttp http, Path folder, Map<String, String> inherited) {
    this.settings = settings;
    this.http = http;
    String name = fileName(settings.id());
    this.record = folder.resolve(name + ".json");
    List<String> secrets = new ArrayList<>();
    this.environment = environment(settings, inherited, secrets);
    if (settings.apiKey() != null) {
      secrets.add(settings.apiKey().value());
    }
    this.output = new OutputLog(folder.resolve(name + ".log"), new Scrubber(secrets));
  }

  /** A name for files, different for each id. */
  static String fileName(String id) {
    return id.substring(id.indexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_")
        + "-"
        + digest(id).substring(0, 8);
  }

  private static Map<String, String> environment(
      LocalModelSettings settings, Map<String, String> inherited, List<String> secrets) {
    Map<String, String> all = new HashMap<>();
    inherited.forEach((name, value) -> {
      boolean secret = Scrubber.isSecretName(name);
      if (secret) {
        secrets.add(value);
      }
      if (KEPT.contains(name) || !(secret || name.startsWith("IIR_"))) {
        all.put(name, value);
      }
    });
    settings
        .environment()
        .forEach((name, value) -> {
          if (Scrubber.isSecretName(name)) {
            secrets.add(value.value());
          }
          all.put(name, value.value());
        });
    return all;
  }

  @Override
  public RunningServer start() throws ModelStartException, InterruptedException {
    int port = freePort();
    Process process = launch(port);
    RunningProcess running =
        new RunningProcess(process.toHandle(), process, baseUrl(port), output, record);
    boolean ready = false;
    try {
      ChildRecord.of(settings.id(), process.toHandle(), port, fingerprint()).write(record);
      awaitReady(running, port);
      ready = true;
    } catch (IOException e) {
      throw new ModelStartException("cannot be remembered in %s: %s".formatted(record, e));
    } finally {
      if (!ready) {
        running.stop();
      }
    }
    return running;
  }

  private Process launch(int port) throws ModelStartException {
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
      output.clear();
      return builder
          .redirectErrorStream(true)
          .redirectInput(ProcessBuilder.Redirect.from(NOTHING))
          .redirectOutput(ProcessBuilder.Redirect.appendTo(output.file().toFile()))
          .start();
    } catch (IOException e) {
      throw new ModelStartException(
          "cannot be started: '%s' is not there or cannot be run%s; put it right in iir.local.models"
              .formatted(
                  command.getFirst(),
                  directory == null ? "" : " in the directory '%s'".formatted(directory)));
    }
  }

  private void awaitReady(RunningProcess running, int port)
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
    ChildRecord known = ChildRecord.read(record);
    Optional<ProcessHandle> process =
        known == null || !known.id().equals(settings.id()) || known.isOwned()
            ? Optional.empty()
            : known.process();
    if (known == null || process.isEmpty()) {
      return null;
    }
    if (known.fingerprint().equals(fingerprint()) && isReady(known.port())) {
      LOG.info("{}: its server, process {}, is taken over", settings.id(), known.pid());
      return new RunningProcess(process.get(), null, baseUrl(known.port()), output, record);
    }
    LOG.info(
        "{}: the server that was left behind, process {}, is stopped", settings.id(), known.pid());
    RunningProcess.stop(process.get());
    return null;
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
    return digest(
        settings.command()
            + "\n"
            + settings.model()
            + "\n"
            + settings.directory()
            + "\n"
            + settings.basePath()
            + "\n"
            + said
            + "\n"
            + (settings.apiKey() == null ? "" : settings.apiKey().value()));
  }

  private static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** Files in {@code folder} that speak of processes of models that no settings name: ends them. */
  static void stopStrangers(Path folder, List<String> ids) throws InterruptedException {
    try (var files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        ChildRecord known = ChildRecord.read(file);
        if (known == null || ids.contains(known.id()) || known.isOwned()) {
          continue;
        }
        Optional<ProcessHandle> process = known.process();
        if (process.isPresent()) {
          LOG.info(
              "{} is no longer configured: its server, process {}, is stopped",
              known.id(),
              known.pid());
          RunningProcess.stop(process.get());
        }
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      LOG.warn(
          "servers that were left behind cannot be looked for in {}: {}", folder, e.toString());
    }
  }
}
