package io.iir.local;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is kept in a file of a process that was started, so that a gateway that comes after one that
 * was killed finds it.
 *
 * @param id the model's id
 * @param pid the process
 * @param started when it was started, milliseconds since 1970: another process may get its number
 * @param port where it was told to listen
 * @param fingerprint of the settings that it was started by
 * @param ownerPid the gateway that started it
 * @param ownerStarted when that was started
 */
record ChildRecord(
    String id,
    long pid,
    long started,
    int port,
    String fingerprint,
    long ownerPid,
    long ownerStarted) {

  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** Two Javas may see a start at slightly different times, when the clock was set meanwhile. */
  private static final long TOLERANCE_MILLIS = 2000;

  /** A record of {@code process}, started by this gateway. */
  static ChildRecord of(String id, ProcessHandle process, int port, String fingerprint) {
    ProcessHandle self = ProcessHandle.current();
    return new ChildRecord(
        id, process.pid(), started(process), port, fingerprint, self.pid(), started(self));
  }

  /** The record in {@code file}; null if there is none that can be read. */
  static @Nullable ChildRecord read(Path file) {
    try {
      return JSON.readValue(Files.readAllBytes(file), ChildRecord.class);
    } catch (IOException e) {
      return null;
    }
  }

  /** Writes it to {@code file}, whole or not at all. */
  void write(Path file) throws IOException {
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    OwnFiles.create(whole);
    Files.write(whole, JSON.writeValueAsBytes(this));
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The process, if it still runs. */
  Optional<ProcessHandle> process() {
    return running(pid, started);
  }

  /** Whether the gateway that started it is another one, and still runs. */
  boolean isOwned() {
    return ownerPid != ProcessHandle.current().pid() && running(ownerPid, ownerStarted).isPresent();
  }

  private static Optional<ProcessHandle> running(long pid, long started) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> {
          long now = started(process);
          return now != 0 && Math.abs(now - started) <= TOLERANCE_MILLIS;
        });
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
