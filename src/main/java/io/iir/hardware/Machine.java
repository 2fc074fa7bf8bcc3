package io.iir.hardware;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the operating system tells of the machine it runs on, whatever that system is. Immutable.
 *
 * @param system its name, version and architecture
 * @param cpu the processors' name
 * @param physicalCores of all sockets
 * @param logicalCores of all sockets
 * @param flags lines that have the processors' features among their words, in the system's spelling
 * @param maxHertz the highest clock; null: unknown
 * @param totalBytes main memory
 * @param freeBytes what programs could still take of it
 */
record Machine(
    String system,
    String cpu,
    int physicalCores,
    int logicalCores,
    List<String> flags,
    @Nullable Long maxHertz,
    long totalBytes,
    long freeBytes) {

  Machine {
    flags = List.copyOf(flags);
  }

  /** Where such things are told. */
  interface Source {

    /** What is told now. */
    Machine read();
  }
}
