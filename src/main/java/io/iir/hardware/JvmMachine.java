package io.iir.hardware;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * What the Java virtual machine tells of this machine: less, and in a container what the container
 * may use. For machines that OSHI does not know.
 */
final class JvmMachine implements Machine.Source {

  @Override
  public Machine read() {
    int cores = Runtime.getRuntime().availableProcessors();
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return new Machine(
        system(),
        System.getProperty("os.arch"),
        cores,
        cores,
        List.of(),
        null,
        system.getTotalMemorySize(),
        system.getFreeMemorySize());
  }

  /** The operating system, in words: {@code Linux 6.8.0 amd64, macOS 15.1 aarch64}. */
  static String system() {
    String name = System.getProperty("os.name");
    return "%s %s %s"
        .formatted(
            name.equals("Mac OS X") ? "macOS" : name,
            System.getProperty("os.version"),
            System.getProperty("os.arch"));
  }
}
