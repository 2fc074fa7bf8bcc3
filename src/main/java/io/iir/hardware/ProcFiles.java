package io.iir.hardware;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Linux tells under {@code /proc}. Where a file is missing, as on other systems, it tells
 * nothing.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_meminfo.5.html">proc_meminfo(5)</a>
 */
final class ProcFiles {

  private static final Pattern FEATURES = Pattern.compile("^(flags|Features)\\s*:");
  private static final Pattern SIZE = Pattern.compile("^(\\w+):\\s+(\\d{1,15}) kB$");

  private final Path root;

  /** Those of the system whose files lie under {@code root}. */
  ProcFiles(Path root) {
    this.root = root;
  }

  /** {@code machine}, with what these files know better. */
  Machine better(Machine machine) {
    List<String> flags =
        lines("proc/cpuinfo").stream()
            .filter(line -> FEATURES.matcher(line).find())
            .distinct()
            .toList();
    Long total = memory("MemTotal");
    Long free = memory("MemAvailable");
    return new Machine(
        machine.system(),
        machine.cpu(),
        machine.physicalCores(),
        machine.logicalCores(),
        flags.isEmpty() ? machine.flags() : flags,
        machine.maxHertz(),
        total == null ? machine.totalBytes() : total,
        free == null ? machine.freeBytes() : free);
  }

  private @Nullable Long memory(String name) {
    for (String line : lines("proc/meminfo")) {
      Matcher size = SIZE.matcher(line);
      if (size.find() && size.group(1).equals(name)) {
        return Long.parseLong(size.group(2)) << 10;
      }
    }
    return null;
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(root.resolve(file));
    } catch (IOException e) {
      return List.of();
    }
  }
}
