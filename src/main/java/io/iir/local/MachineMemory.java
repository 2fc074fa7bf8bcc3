package io.iir.local;

import io.iir.hardware.Gpu;
import io.iir.hardware.HardwareProbe;

/** The memory of this machine, or of its container, and that of its graphics processors. */
record MachineMemory(HardwareProbe probe) implements FreeMemory {

  @Override
  public long totalBytes() {
    return probe.memory().usableBytes();
  }

  @Override
  public long freeBytes() {
    return probe.memory().availableBytes();
  }

  @Override
  public long totalVramBytes() {
    return probe.gpus().stream().mapToLong(Gpu::totalBytes).sum();
  }

  @Override
  public long freeVramBytes() {
    return probe.gpus().stream().mapToLong(Gpu::freeBytes).sum();
  }
}
