package io.iir.hardware;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A machine's processors, of all sockets together.
 *
 * @param model the vendor's name for them
 * @param physicalCores cores; at least 1
 * @param logicalCores hardware threads; at least as many as cores
 * @param limit how many cores' time a container may use, from its cgroup; null: all of them
 * @param instructionSets what speeds up models, in small letters: {@code avx2, avx512f,
 *     avx512_vnni, amx_int8, neon, sve …}
 * @param maxHertz the highest clock; null: unknown
 */
public record Cpu(
    String model,
    int physicalCores,
    int logicalCores,
    @Nullable Double limit,
    List<String> instructionSets,
    @Nullable Long maxHertz) {

  public Cpu {
    instructionSets = List.copyOf(instructionSets);
  }
}
