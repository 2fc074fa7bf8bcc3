package io.iir.hardware;

import oshi.SystemInfo;
import oshi.hardware.CentralProcessor;
import oshi.hardware.GlobalMemory;

/**
 * What OSHI tells of this machine. The first time takes about a second: it loads a native library.
 *
 * @see <a href="https://www.oshi.ooo">OSHI</a>
 */
final class OshiMachine implements Machine.Source {

  @Override
  public Machine read() {
    SystemInfo info = new SystemInfo();
    CentralProcessor processor = info.getHardware().getProcessor();
    GlobalMemory memory = info.getHardware().getMemory();
    int physical = Math.max(1, processor.getPhysicalProcessorCount());
    long hertz = processor.getMaxFreq();
    return new Machine(
        JvmMachine.system(),
        processor.getProcessorIdentifier().getName().strip(),
        physical,
        Math.max(physical, processor.getLogicalProcessorCount()),
        processor.getFeatureFlags(),
        hertz > 0 ? hertz : null,
        memory.getTotal(),
        memory.getAvailable());
  }
}
