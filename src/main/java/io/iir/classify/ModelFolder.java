package io.iir.classify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder with copies of classifiers that gateways have mapped, {@code VERSION.iir} each. A
 * gateway that starts removes all but its own and the one used before, and half-written files of
 * more than an hour ago. Several gateways may share the folder, over a network too: each holds a
 * shared lock on its copy until it ends, and a copy on which somebody holds one stays. Thread-safe.
 */
final class ModelFolder {

  private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);
  private static final Pattern COPY = Pattern.compile("\\d+-[0-9a-f]{8}\\.iir");
  private static final Pattern HALF_WRITTEN = Pattern.compile("new\\d+\\.tmp");
  private static final Duration WRITTEN_BY_NOW = Duration.ofHours(1);
  private static final int BEFORE = 1;
  private static final int ATTEMPTS = 3;

  /**
   * The copies that this process has locked. None of them is opened again: where locks are the
   * process's (POSIX), whoever in it closes the file frees them.
   */
  private static final Map<Path, Lock> HELD = new HashMap<>();

  private final Path folder;

  ModelFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * {@code bytes}, mapped from their copy, which is put there unless it is there already; others
   * are removed.
   *
   * @throws IOException if it cannot be kept there
   */
  MemorySegment keep(String version, byte[] bytes) throws IOException {
    Path file = folder.resolve(version + ".iir");
    IOException fault = new IOException(file + " is removed or written again and again");
    synchronized (HELD) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        try {
          MemorySegment there = mapped(file, bytes);
          if (there != null) {
            removeOthers(file);
            return there;
          }
        } catch (NoSuchFileException | AccessDeniedException e) {
          fault = e; // another gateway removes it, or writes it, too, and has it open (Windows)
        }
      }
    }
    throw fault;
  }

  /** Null where it has to be tried again. */
  private @Nullable MemorySegment mapped(Path file, byte[] bytes) throws IOException {
    Lock lock = HELD.get(file);
    if (lock != null && lock.isOn(file)) {
      MemorySegment there = map(lock.channel());
      if (is(there, bytes)) {
        return there;
      }
    }
    if (!Files.isRegularFile(file)) {
      put(bytes, file);
    }
    touch(file);
    FileChannel channel = FileChannel.open(file);
    boolean kept = false;
    try {
      MemorySegment there = map(channel);
      if (!is(there, bytes)) {
        put(bytes, file);
      } else if (hold(channel) && Files.isRegularFile(file)) {
        HELD.put(file, new Lock(channel, identity(file)));
        kept = true;
        return there;
      }
      return null;
    } finally {
      if (!kept) {
        channel.close();
      }
    }
  }

  /**
   * A locked copy.
   *
   * @param channel open as long as the process lives
   * @param key what tells the file from one that has taken its place; null where nothing does
   */
  private record Lock(FileChannel channel, @Nullable Object key) {

    boolean isOn(Path file) {
      try {
        return Files.isRegularFile(file) && Objects.equals(key, identity(file));
      } catch (IOException e) {
        return false; // it has gone
      }
    }
  }

  private static @Nullable Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  private static MemorySegment map(FileChannel channel) throws IOException {
    return channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
  }

  private static boolean is(MemorySegment there, byte[] bytes) {
    return there.mismatch(MemorySegment.ofArray(bytes)) < 0;
  }

  /** So the copy that was used before this one is the newest of the others. */
  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      LOG.debug("The time of {} cannot be set.", file, e);
    }
  }

  private void put(byte[] bytes, Path file) throws IOException {
    Files.createDirectories(folder);
    Path written = Files.createTempFile(folder, "new", ".tmp");
    try {
      Files.write(written, bytes);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  /** False: somebody is about to remove the file. */
  private static boolean hold(FileChannel channel) {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, true) != null;
    } catch (OverlappingFileLockException e) {
      return true; // by this process already, under another name
    } catch (IOException e) {
      LOG.debug("There are no locks here: nobody removes what is in use, as nobody can tell.", e);
      return true;
    }
  }

  private void removeOthers(Path own) {
    try (Stream<Path> found = Files.list(folder)) {
      List<Other> others = found.filter(file -> !file.equals(own)).map(Other::of).toList();
      Instant before = Instant.now().minus(WRITTEN_BY_NOW);
      others.stream()
          .filter(other -> other.named(HALF_WRITTEN) && other.changed().isBefore(before))
          .forEach(other -> remove(other.file()));
      others.stream()
          .filter(other -> other.named(COPY))
          .sorted(Comparator.comparing(Other::changed).reversed())
          .skip(BEFORE)
          .forEach(other -> remove(other.file()));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("Old classifiers in {} cannot be removed.", folder, e);
    }
  }

  /**
   * A file beside its own.
   *
   * @param file where it is
   * @param changed when it was written or used; long ago where another gateway has removed it
   */
  private record Other(Path file, Instant changed) {

    static Other of(Path file) {
      try {
        return new Other(file, Files.getLastModifiedTime(file).toInstant());
      } catch (IOException e) {
        return new Other(file, Instant.MIN);
      }
    }

    boolean named(Pattern pattern) {
      return pattern.matcher(String.valueOf(file.getFileName())).matches();
    }
  }

  private static void remove(Path file) {
    Lock own = HELD.get(file);
    if (own != null && own.isOn(file)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock != null) {
        Files.deleteIfExists(file);
      }
    } catch (OverlappingFileLockException e) {
      LOG.debug("This process uses {}.", file, e);
    } catch (IOException e) {
      LOG.debug("{} cannot be removed.", file, e);
    }
  }
}
