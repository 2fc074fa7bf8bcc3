package io.iir.testing;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.util.FileSystemUtils;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server, a process of its own on a port of its own, that keeps everything in memory.
 * Close it.
 */
public final class RedisServer implements AutoCloseable {

  /** Where the program lies once it has been unpacked. */
  private static final class Program {

    static final Path PATH = unpack();

    private static Path unpack() {
      try {
        return ExecutableProvider.newJarResourceProvider().get().toPath();
      } catch (IOException e) {
        throw new IllegalStateException("redis-server cannot be unpacked", e);
      }
    }
  }

  private static final String READY = "eady to accept connections";

  private final int port;
  private final Path directory;
  private final List<String> options;
  private final Thread atExit = new Thread(this::kill);
  private volatile @Nullable Process process;

  private RedisServer(int port, Path directory, List<String> options) {
    this.port = port;
    this.directory = directory;
    this.options = options;
  }

  /** Starts one with nothing in it, with more {@code options} such as {@code --requirepass x}. */
  public static RedisServer start(String... options) {
    try {
      Path directory = Files.createTempDirectory("iir-redis");
      RedisServer server = new RedisServer(FreePort.find(), directory, List.of(options));
      Runtime.getRuntime().addShutdownHook(server.atExit);
      server.restart();
      return server;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The setting {@code iir.redis-url}'s value. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  /** The setting that makes a gateway use it, {@code iir.redis-url=…}. */
  public String setting() {
    return "iir.redis-url=" + url();
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /**
   * Starts it again on its port after {@link #kill}, with what was there at the last {@link #save};
   * empty without one.
   */
  public void restart() {
    List<String> command = new ArrayList<>();
    command.add(Program.PATH.toString());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--save", "", "--appendonly", "no", "--dir", directory.toString()));
    command.addAll(options);
    try {
      Process started = new ProcessBuilder(command).redirectErrorStream(true).start();
      process = started;
      awaitReady(started);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitReady(Process started) throws IOException {
    BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
    StringBuilder said = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      said.append(line).append('\n');
      if (line.contains(READY)) {
        Processes.drain(output);
        return;
      }
    }
    throw new IllegalStateException("redis-server did not start: " + said);
  }

  /** Ends it at once, as a crash does. */
  public void kill() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.onExit().join();
      process = null;
    }
  }

  /** Writes all that it holds to disk, for {@link #restart}. */
  public void save() {
    ask("SAVE");
  }

  /** Stops it where it is, connections open (SIGSTOP). */
  public void pause() {
    signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    Process running = process;
    if (running != null) {
      Processes.send(name, running.pid());
    }
  }

  /** From now on it refuses to write: its memory is full. */
  public void fill() {
    ask("CONFIG", "SET", "maxmemory-policy", "noeviction");
    ask("CONFIG", "SET", "maxmemory", "1");
  }

  /** It has room again. */
  public void unfill() {
    ask("CONFIG", "SET", "maxmemory", "0");
  }

  /**
   * Runs one command on a connection of its own.
   *
   * @return strings and numbers as text, lists as their parts between brackets, nil as "nil"
   * @throws IllegalStateException with its words if it answers with an error
   */
  public String ask(String... words) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
      for (String word : words) {
        int length = word.getBytes(StandardCharsets.UTF_8).length;
        command.append('$').append(length).append("\r\n").append(word).append("\r\n");
      }
      OutputStream out = socket.getOutputStream();
      out.write(command.toString().getBytes(StandardCharsets.UTF_8));
      return read(new DataInputStream(socket.getInputStream()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String read(DataInputStream in) throws IOException {
    String line = line(in);
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+', ':' -> rest;
      case '$' -> {
        int length = Integer.parseInt(rest);
        if (length < 0) {
          yield "nil";
        }
        byte[] text = new byte[length];
        in.readFully(text);
        line(in);
        yield new String(text, StandardCharsets.UTF_8);
      }
      case '*' -> {
        List<String> parts = new ArrayList<>();
        for (int i = Integer.parseInt(rest); i > 0; i--) {
          parts.add(read(in));
        }
        yield parts.toString();
      }
      default -> throw new IllegalStateException(rest);
    };
  }

  private static String line(DataInputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int c = in.readUnsignedByte(); c != '\r'; c = in.readUnsignedByte()) {
      text.append((char) c);
    }
    in.readByte();
    return text.toString();
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atExit);
    kill();
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
