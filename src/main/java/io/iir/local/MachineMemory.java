package io.iir.local;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The memory of this machine, or of this container, as Java knows it. */
final class MachineMemory implements FreeMemory {

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Override
  public long totalBytes() {
    return system.getTotalMemorySize();
  }

  @Override
  public long freeBytes() {
    return system.getFreeMemorySize();
  }

  @Override
  public long totalVramBytes() {
    return 0;
  }

  @Override
  public long freeVramBytes() {
    return 0;
  }
}
