package io.iir.hardware;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Programs that tell what they once told, from {@code src/test/resources/hardware}. */
final class Recorded implements CommandRunner {

  private final Map<String, Outcome> outcomes = new HashMap<>();
  private final List<List<String>> commands = new ArrayList<>();

  /** Commands that begin with {@code start} end with {@code exit}, having written {@code file}. */
  Recorded with(String start, int exit, String file) {
    return with(start, new Outcome.Ended(exit, text(file), ""));
  }

  /** Commands that begin with {@code start} come to {@code outcome}. */
  Recorded with(String start, Outcome outcome) {
    outcomes.put(start, outcome);
    return this;
  }

  /** What was run so far. */
  List<List<String>> commands() {
    return commands;
  }

  @Override
  public Outcome run(List<String> command) {
    commands.add(command);
    String line = String.join(" ", command);
    return outcomes.entrySet().stream()
        .filter(entry -> line.startsWith(entry.getKey()))
        .max(Map.Entry.comparingByKey()) // the longest start
        .map(Map.Entry::getValue)
        .orElseGet(Outcome.Missing::new);
  }

  /** What lies in {@code file}. */
  static String text(String file) {
    try (InputStream in =
        Objects.requireNonNull(Recorded.class.getResourceAsStream("/hardware/" + file), file)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The root of the files of {@code machine}. */
  static Path root(String machine) {
    try {
      return Path.of(
          Objects.requireNonNull(Recorded.class.getResource("/hardware/" + machine)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
