package io.iir.classify;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder with copies of classifiers that gateways have mapped, {@code VERSION.iir} each. A
 * gateway that starts removes all but its own and the one used before, and half-written files of
 * more than an hour ago. Several gateways may share the folder, over a network too: each holds a
 * shared lock on its copy until it ends, and a copy on which somebody holds one stays.
 */
final class ModelFolder {

  private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);
  private static final Pattern COPY = Pattern.compile("\\d+-[0-9a-f]{8}\\.iir");
  private static final Pattern HALF_WRITTEN = Pattern.compile("new\\d+\\.tmp");
  private static final Duration WRITTEN_BY_NOW = Duration.ofHours(1);
  private static final int BEFORE = 1;
  private static final int ATTEMPTS = 3;

  /** Open as long as the process lives: to close one frees the process's lock on its file. */
  private static final Set<FileChannel> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;

  ModelFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * {@code bytes}, mapped from their copy, which is put there unless it is there already; others
   * are removed.
   *
   * @throws IOException if it cannot be kept there
   */
  MemorySegment keep(String version, byte[] bytes) throws IOException {
    Path file = folder.resolve(version + ".iir");
    MemorySegment wanted = MemorySegment.ofArray(bytes);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (!Files.isRegularFile(file)) {
        put(bytes, file);
      }
      touch(file);
      FileChannel channel = FileChannel.open(file);
      MemorySegment there = channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      if (there.mismatch(wanted) >= 0) {
        channel.close();
        put(bytes, file);
      } else if (hold(channel) && Files.isRegularFile(file)) {
        removeOthers(file);
        return there;
      }
    }
    throw new IOException(file + " is removed or written again and again");
  }

  /**
   * So the copy that was used before this one is the newest of the others. Before it is locked: to
   * set the time, Java opens and closes the file, which frees the process's lock.
   */
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
    HELD.add(channel);
    try {
      return channel.tryLock(0, Long.MAX_VALUE, true) != null;
    } catch (OverlappingFileLockException e) {
      return true; // by this process already
    } catch (IOException e) {
      LOG.debug("There are no locks here: nobody removes what is in use, as nobody can tell.", e);
      return true;
    }
  }

  private void removeOthers(Path own) {
    try (Stream<Path> found = Files.list(folder)) {
      List<Path> files = found.filter(file -> !file.equals(own)).toList();
      Instant before = Instant.now().minus(WRITTEN_BY_NOW);
      files.stream()
          .filter(file -> named(file, HALF_WRITTEN) && changed(file).isBefore(before))
          .forEach(ModelFolder::remove);
      files.stream()
          .filter(file -> named(file, COPY))
          .sorted(Comparator.comparing(ModelFolder::changed).reversed())
          .skip(BEFORE)
          .forEach(ModelFolder::remove);
    } catch (IOException e) {
      LOG.debug("Old classifiers in {} cannot be removed.", folder, e);
    }
  }

  private static boolean named(Path file, Pattern pattern) {
    return pattern.matcher(String.valueOf(file.getFileName())).matches();
  }

  private static Instant changed(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return Instant.MAX; // another gateway has removed it
    }
  }

  private static void remove(Path file) {
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
