package io.iir.hardware;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Linux lets this process and others of its control group use, by version 2 and, where a
 * controller is mounted there, version 1. Limits of the groups above hold too. A container that
 * sees only its own group has it at the mount point.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v2.html">Version 2</a>
 * @see <a href="https://docs.kernel.org/admin-guide/cgroup-v1/memory.html">Version 1</a>
 */
final class Cgroup {

  private static final Path MOUNT = Path.of("sys/fs/cgroup");

  /** Version 1 says "no limit" with the most pages that there could be. */
  private static final long NO_LIMIT = 1L << 60;

  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final Path root;

  /** That of the process whose files lie under {@code root}. */
  Cgroup(Path root) {
    this.root = root;
  }

  /**
   * Memory limits.
   *
   * @param limit bytes
   * @param used bytes of it that cannot be freed: caches of files that are not in use are not
   *     counted
   */
  record Bytes(long limit, long used) {}

  /** How much memory may be used; null: all. */
  @Nullable Bytes memory() {
    Bytes two = memory("", "memory.max", "memory.current", "inactive_file");
    return two != null
        ? two
        : memory("memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
  }

  /** How many cores' time may be used; null: all. */
  @Nullable Double cpus() {
    Double least = null;
    for (Path group : groups("")) {
      String[] quota = read(group.resolve("cpu.max")).split(" ", -1);
      least = less(least, quota.length == 2 ? share(quota[0], quota[1]) : null);
    }
    for (Path group : groups("cpu")) {
      least =
          less(
              least,
              share(
                  read(group.resolve("cpu.cfs_quota_us")),
                  read(group.resolve("cpu.cfs_period_us"))));
    }
    return least;
  }

  /** The least limit of all groups, and what leaves the least room in any of them. */
  private @Nullable Bytes memory(String controller, String limit, String usage, String cache) {
    long least = NO_LIMIT;
    long room = NO_LIMIT;
    for (Path group : groups(controller)) {
      Long most = number(read(group.resolve(limit)));
      Long used = number(read(group.resolve(usage)));
      if (most != null && used != null && most < NO_LIMIT) {
        least = Math.min(least, most);
        room = Math.min(room, Math.max(0, most - Math.max(0, used - cached(group, cache))));
      }
    }
    return least == NO_LIMIT ? null : new Bytes(least, Math.max(0, least - room));
  }

  private static long cached(Path group, String name) {
    for (String line : read(group.resolve("memory.stat")).split("\n", -1)) {
      if (line.startsWith(name + " ")) {
        Long bytes = number(line.substring(name.length() + 1));
        return bytes == null ? 0 : bytes;
      }
    }
    return 0;
  }

  /**
   * This process's group and those above it, up to the mount point.
   *
   * @param controller of version 1; empty: version 2
   */
  private List<Path> groups(String controller) {
    for (String line : read(root.resolve("proc/self/cgroup")).split("\n", -1)) {
      String[] parts = line.split(":", 3); // hierarchy:controllers:path
      if (parts.length == 3 && List.of(parts[1].split(",", -1)).contains(controller)) {
        for (String mount : controller.isEmpty() ? List.of("") : List.of(parts[1], controller)) {
          Path top = root.resolve(MOUNT).resolve(mount);
          if (Files.isDirectory(top)) {
            return groups(top, parts[2]);
          }
        }
      }
    }
    return List.of();
  }

  private static List<Path> groups(Path top, String path) {
    List<Path> groups = new ArrayList<>();
    @Nullable Path group = top.resolve(path.replaceFirst("^/+", "")).normalize();
    while (group != null && group.startsWith(top) && !group.equals(top)) {
      groups.add(group);
      group = group.getParent();
    }
    groups.add(top);
    return groups;
  }

  private static @Nullable Double share(String quota, String period) {
    Long of = number(quota);
    Long in = number(period);
    return of == null || in == null || of == 0 || in == 0 ? null : (double) of / in;
  }

  private static @Nullable Double less(@Nullable Double one, @Nullable Double other) {
    return one == null ? other : other == null ? one : Double.valueOf(Math.min(one, other));
  }

  private static @Nullable Long number(String text) {
    String digits = text.strip();
    return NUMBER.matcher(digits).matches() ? Long.valueOf(digits) : null;
  }

  /** The text of {@code file}; empty where it is not there or may not be read. */
  private static String read(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
