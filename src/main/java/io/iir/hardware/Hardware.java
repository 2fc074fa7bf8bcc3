package io.iir.hardware;

import java.time.Instant;
import java.util.List;

/**
 * A machine as model servers see it. Immutable.
 *
 * @param system the operating system and its architecture, such as {@code Linux 6.8 amd64}
 * @param cpu its processors
 * @param memory its memory
 * @param gpus its graphics processors, in their order; none: empty
 * @param problems what could not be found out, and why, a sentence each; holds no secret
 * @param detected when this was found out
 */
public record Hardware(
    String system,
    Cpu cpu,
    Memory memory,
    List<Gpu> gpus,
    List<String> problems,
    Instant detected) {

  public Hardware {
    gpus = List.copyOf(gpus);
    problems = List.copyOf(problems);
  }
}
