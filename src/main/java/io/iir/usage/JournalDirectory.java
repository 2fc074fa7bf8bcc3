package io.iir.usage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The directory of the journals. Each process has its own, {@code <journal>-<number>.segment}, and
 * holds the lock on {@code <journal>.lock} while it runs: so the segments of a process that has
 * ended are known by a lock that can be had, and several processes may share the directory.
 *
 * @param path where it is
 */
record JournalDirectory(Path path) {

  private static final Pattern SEGMENT = Pattern.compile("([0-9a-f]{16})-([0-9]{8})\\.segment");

  /**
   * The lock files that this process has open. None is opened a second time: to close any
   * descriptor of a file gives up all locks of the process on it, as POSIX has it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** What a process that has ended has left; whoever has it holds its lock. */
  record Left(long journal, List<Path> segments, Lock lock) {}

  /** The lock on a journal. */
  record Lock(Path file, FileChannel channel) {

    /** Gives it up; the journal is no more. */
    void delete() throws IOException {
      try {
        Files.deleteIfExists(file);
      } finally {
        release();
      }
    }

    /** Gives it up; another process may go on with the journal. */
    void release() throws IOException {
      try {
        channel.close();
      } finally {
        HELD.remove(file);
      }
    }
  }

  Path segment(long journal, int number) {
    return path.resolve("%016x-%08d.segment".formatted(journal, number));
  }

  /** The lock on {@code journal}; null: another process or journal of this one has it. */
  @Nullable Lock tryLock(long journal) throws IOException {
    Path file = path.resolve("%016x.lock".formatted(journal)).toAbsolutePath().normalize();
    if (!HELD.add(file)) {
      return null;
    }
    Lock mine = null;
    try {
      mine = lock(file);
      return mine;
    } finally {
      if (mine == null) {
        HELD.remove(file);
      }
    }
  }

  private static @Nullable Lock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? null : new Lock(file, channel);
  }

  /** The journals of which there are segments, of this process and others. */
  Set<Long> journals() throws IOException {
    return segments().keySet();
  }

  /** Takes what is left of {@code journal}, with its lock; null: somebody has it, or nothing is. */
  @Nullable Left take(long journal) throws IOException {
    Lock lock = tryLock(journal);
    if (lock == null) {
      return null;
    }
    List<Path> segments = null;
    try {
      segments = segments().get(journal); // another process may just have written them
    } finally {
      if (segments == null) {
        lock.delete();
      }
    }
    return segments == null ? null : new Left(journal, segments, lock);
  }

  private TreeMap<Long, List<Path>> segments() throws IOException {
    TreeMap<Long, List<Path>> found = new TreeMap<>();
    try (var files = Files.list(path)) {
      for (Path file : files.sorted().toList()) {
        Matcher name = SEGMENT.matcher(file.getFileName().toString());
        if (name.matches()) {
          found
              .computeIfAbsent(
                  HexFormat.fromHexDigitsToLong(name.group(1)), journal -> new ArrayList<>())
              .add(file);
        }
      }
    }
    return found;
  }
}
