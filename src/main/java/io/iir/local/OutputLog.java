package io.iir.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file that a server writes its output to: a file, because a pipe would end with the gateway
 * and take the server with it. The server appends, so that it may be cut at any time.
 */
final class OutputLog {

  private static final int LINES = 8;
  private static final int LINE = 300;
  private static final int TAIL = 8 << 10;
  private static final long MOST = 16L << 20;

  private final Path file;
  private final Scrubber scrubber;

  /** The output in {@code file}, which is shown without what {@code scrubber} takes out. */
  OutputLog(Path file, Scrubber scrubber) {
    this.file = file;
    this.scrubber = scrubber;
  }

  Path file() {
    return file;
  }

  /** Makes it an empty file of the owner's alone. */
  void create() throws IOException {
    OwnFiles.create(file);
  }

  /** Empties it if it has become too long. */
  void tidy() {
    try {
      if (Files.exists(file) && Files.size(file) > MOST) {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
          open.setLength(0);
        }
      }
    } catch (IOException e) {
      // It is tried again soon, and nothing depends on it.
      return;
    }
  }

  /** {@code ; its last output: "…"}, or that it printed nothing; without secrets. */
  String lastWords() {
    List<String> lines = lastLines();
    return lines.isEmpty()
        ? "; it printed nothing"
        : "; its last output: " + String.join(" | ", lines);
  }

  private List<String> lastLines() {
    String text;
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      long length = open.length();
      byte[] tail = new byte[(int) Math.min(TAIL, length)];
      open.seek(length - tail.length);
      open.readFully(tail);
      text = new String(tail, StandardCharsets.UTF_8);
      if (tail.length < length) {
        text = text.substring(text.indexOf('\n') + 1); // a line without its beginning
      }
    } catch (IOException e) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    // First the secrets, then the lengths: a part of a secret would not be known for one.
    for (String line : scrubber.scrub(text).lines().toList()) {
      String shown = line.replaceAll("\\p{Cntrl}(\\[[0-9;]*m)?", "").strip();
      if (!shown.isEmpty()) {
        lines.add(shown.length() > LINE ? shown.substring(0, LINE) + "…" : shown);
      }
    }
    return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
  }
}
