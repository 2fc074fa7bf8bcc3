package io.iir.hardware;

import io.iir.hardware.GpuTool.Found;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what this machine is: by OSHI, by Linux's files, by the vendors' programs, by data
 * sheets, and for the speed of its memory by measuring it once. Nothing is done before the first
 * question.
 */
public final class MachineProbe implements HardwareProbe {

  private static final Duration TOOL_LIMIT = Duration.ofSeconds(3);

  private final Machine.Source source;
  private final Path root;
  private final CommandRunner runner;
  private final MemoryBandwidth bandwidth;
  private final Clock clock;
  private @Nullable GpuSheet sheet;

  /** A probe of the machine that this runs on. */
  public MachineProbe() {
    this(
        new OshiMachine(),
        Path.of("/"),
        new ProcessRunner(TOOL_LIMIT),
        new MemoryBandwidth(),
        Clock.systemUTC());
  }

  /**
   * A probe of any machine.
   *
   * @param source what its system tells
   * @param root where its files lie
   * @param runner what runs its programs
   * @param bandwidth what measures its memory
   * @param clock what tells the time
   */
  MachineProbe(
      Machine.Source source,
      Path root,
      CommandRunner runner,
      MemoryBandwidth bandwidth,
      Clock clock) {
    this.source = source;
    this.root = root;
    this.runner = runner;
    this.bandwidth = bandwidth;
    this.clock = clock;
  }

  @Override
  public synchronized Hardware detect() {
    List<String> problems = new ArrayList<>();
    Machine machine = new ProcFiles(root).better(machine(problems));
    Double cores = new Cgroup(root).cpus();
    Memory memory = memory(machine);
    Found found = gpus(machine, memory);
    problems.addAll(found.problems());
    Double limit = cores != null && cores < machine.logicalCores() ? cores : null;
    return new Hardware(
        machine.system(),
        new Cpu(
            machine.cpu(),
            machine.physicalCores(),
            machine.logicalCores(),
            limit,
            InstructionSets.in(machine.flags()),
            machine.maxHertz()),
        measured(memory, readers(machine, limit), problems),
        found.gpus(),
        problems,
        clock.instant());
  }

  @Override
  public Memory memory() {
    return memory(new ProcFiles(root).better(machine(new ArrayList<>())));
  }

  @Override
  public synchronized List<Gpu> gpus() {
    Machine machine = new ProcFiles(root).better(machine(new ArrayList<>()));
    return gpus(machine, memory(machine)).gpus();
  }

  private Memory memory(Machine machine) {
    Cgroup.Bytes allowed = new Cgroup(root).memory();
    boolean limited = allowed != null && allowed.limit() < machine.totalBytes();
    return new Memory(
        machine.totalBytes(),
        machine.freeBytes(),
        allowed != null && limited ? allowed.limit() : null,
        allowed != null && limited ? allowed.used() : null,
        null);
  }

  private Machine machine(List<String> problems) {
    try {
      return source.read();
    } catch (RuntimeException | LinkageError e) { // its native library may not load
      problems.add(
          "The processor's name, cores and features are not known, only what Java tells: %s."
              .formatted(Said.first(String.valueOf(e.getMessage()))));
      return new JvmMachine().read();
    }
  }

  private Found gpus(Machine machine, Memory memory) {
    if (sheet == null) {
      sheet = GpuSheet.load();
    }
    return new NvidiaSmi(runner, sheet, memory)
        .find()
        .and(new RocmSmi(runner, sheet).find())
        .and(new AppleGpu(runner, sheet, machine).find());
  }

  private Memory measured(Memory memory, int cores, List<String> problems) {
    Double speed = null;
    try {
      speed = bandwidth.bytesPerSecond(cores, memory.availableBytes());
      if (speed == null) {
        problems.add("The memory's speed is not measured: there is too little of it left.");
      }
    } catch (IllegalStateException e) {
      problems.add(
          "The memory's speed cannot be measured: %s."
              .formatted(Said.first(String.valueOf(e.getMessage()))));
    }
    return new Memory(
        memory.totalBytes(), memory.freeBytes(), memory.limitBytes(), memory.usedBytes(), speed);
  }

  /** As many as decode: each physical core, as far as the container and the process may. */
  private static int readers(Machine machine, @Nullable Double limit) {
    int cores = Math.min(machine.physicalCores(), Runtime.getRuntime().availableProcessors());
    return limit == null ? cores : Math.clamp(Math.round(limit), 1, cores);
  }
}
