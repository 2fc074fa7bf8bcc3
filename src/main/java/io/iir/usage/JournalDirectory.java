package io.iir.usage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
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

  /** What a process that has ended has left; whoever has it holds its lock. */
  record Left(long journal, List<Path> segments, Lock lock) {}

  /** The lock on a journal. */
  record Lock(Path file, FileChannel channel) {

    /** Gives it up; the journal is no more. */
    void delete() throws IOException {
      Files.deleteIfExists(file);
      channel.close();
    }

    /** Gives it up; another process may go on with the journal. */
    void release() throws IOException {
      channel.close();
    }
  }

  Path segment(long journal, int number) {
    return path.resolve("%016x-%08d.segment".formatted(journal, number));
  }

  /** The lock on {@code journal}; null: another process or journal of this one has it. */
  @Nullable Lock tryLock(long journal) throws IOException {
    Path file = path.resolve("%016x.lock".formatted(journal));
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new Lock(file, channel);
      }
    } catch (OverlappingFileLockException e) {
      // this process has it, for another journal of its own
    }
    channel.close();
    return null;
  }

  /** The journals of processes that have ended, locked. */
  List<Left> left() throws IOException {
    List<Left> all = new ArrayList<>();
    for (long journal : segments().keySet()) {
      Lock lock = tryLock(journal);
      if (lock != null) {
        List<Path> now = segments().get(journal); // another process may just have written them
        if (now == null) {
          lock.delete();
        } else {
          all.add(new Left(journal, now, lock));
        }
      }
    }
    return all;
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
