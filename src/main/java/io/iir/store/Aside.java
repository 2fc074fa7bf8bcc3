package io.iir.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/** Sets a database aside, with what was written ahead of it. Stateless. */
final class Aside {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private Aside() {}

  /** Renames {@code file} to {@code <file>.corrupt-<time>}, and returns that. */
  static Path move(Path file) throws IOException {
    String name = file.getFileName() + ".corrupt-" + TIME.format(Clock.systemUTC().instant());
    Path aside = file.resolveSibling(name);
    for (int i = 2; Files.exists(aside); i++) {
      aside = file.resolveSibling(name + "-" + i);
    }
    for (String part : List.of("", "-wal", "-shm")) {
      Path from = file.resolveSibling(file.getFileName() + part);
      if (Files.exists(from)) {
        Files.move(from, file.resolveSibling(aside.getFileName() + part));
      }
    }
    return aside;
  }
}
