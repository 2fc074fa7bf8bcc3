package io.iir.testing;

import com.sun.security.auth.module.UnixSystem;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * A real PostgreSQL, processes of its own on a port of its own. To start one takes seconds: tests
 * that do it no harm take a database of the {@link #shared} one.
 */
public final class PostgresServer implements AutoCloseable {

  /** The one that all tests of this JVM share; ends with it. */
  private static final class Shared {

    static final PostgresServer SERVER = start();
  }

  private static final String READY = "database system is ready to accept connections";

  private final int port;
  private final Path directory;
  private final EmbeddedPostgres server;
  private final List<String> command;
  private final AtomicInteger databases = new AtomicInteger();

  private PostgresServer(int port, Path directory) throws IOException {
    this.port = port;
    this.directory = directory;
    this.server =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(directory.toFile())
            .setServerConfig("synchronous_commit", "on") // the library leaves it off
            .start();
    ProcessHandle.Info postmaster = postmaster().orElseThrow().info();
    this.command = new ArrayList<>();
    if (new UnixSystem().getUid() == 0) { // it refuses to run as root
      command.addAll(List.of("unshare", "-U"));
    }
    command.add(postmaster.command().orElseThrow());
    command.addAll(List.of(postmaster.arguments().orElseThrow()));
  }

  /** The one that all tests of this JVM share, started at the first call: do it no harm. */
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  /** Starts one that only the caller has. */
  public static PostgresServer start() {
    try {
      return new PostgresServer(FreePort.find(), Files.createTempDirectory("iir-postgres"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The URL of the database {@code name}, as DATABASE_URL takes it. */
  public String url(String name) {
    return "postgres://postgres:secret@127.0.0.1:" + port + "/" + name;
  }

  /** Makes an empty database; returns its {@link #url}. */
  public String newDatabase() {
    String name = "test" + databases.incrementAndGet();
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return url(name);
  }

  /** The setting that makes a gateway use a database of its own, {@code iir.database-url=…}. */
  public String setting() {
    return "iir.database-url=" + newDatabase();
  }

  /** Starts it again on its port after {@link #kill}, with all that was committed. */
  public void restart() {
    try {
      Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
      BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
      StringBuilder said = new StringBuilder();
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        said.append(line).append('\n');
        if (line.endsWith(READY)) {
          Processes.drain(output);
          return;
        }
      }
      throw new IllegalStateException("PostgreSQL does not start: " + said);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it at once, as a crash does. */
  public void kill() {
    long[] all = processes();
    Processes.send("KILL", all);
    for (long pid : all) {
      ProcessHandle.of(pid).ifPresent(handle -> handle.onExit().join());
    }
  }

  /** Stops all of its processes where they are, connections open (SIGSTOP). */
  public void pause() {
    Processes.send("STOP", processes());
  }

  /** Lets it go on (SIGCONT). */
  public void resume() {
    Processes.send("CONT", processes());
  }

  /** The postmaster and its children; none where it does not run. */
  private long[] processes() {
    return postmaster().stream()
        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
        .mapToLong(ProcessHandle::pid)
        .toArray();
  }

  private Optional<ProcessHandle> postmaster() {
    Path file = directory.resolve("postmaster.pid");
    try {
      return Files.exists(file)
          ? ProcessHandle.of(Long.parseLong(Files.readAllLines(file).getFirst().strip()))
          : Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    resume();
    try {
      server.close();
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
