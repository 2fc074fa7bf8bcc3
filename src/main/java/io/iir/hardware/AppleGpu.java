package io.iir.hardware;

import io.iir.hardware.CommandRunner.Outcome;
import java.util.List;

/**
 * The graphics processor of Apple silicon. It is on the processor and shares its memory, of which
 * macOS lets it take two thirds where there are 32 GiB or less and three quarters where there is
 * more (Metal's {@code recommendedMaxWorkingSetSize} as llama.cpp prints it: 10,923 MiB of 16 GiB,
 * 21,845 of 32, 49,152 of 64), or what an administrator allowed with {@code sysctl
 * iogpu.wired_limit_mb}. Newer versions of macOS allow some more.
 *
 * @see <a href=
 *     "https://developer.apple.com/documentation/metal/mtldevice/recommendedmaxworkingsetsize">Metal</a>
 */
final class AppleGpu implements GpuTool {

  private static final long SMALL = 32L << 30;
  private static final List<String> LIMIT = List.of("sysctl", "-n", "iogpu.wired_limit_mb");

  private final CommandRunner runner;
  private final GpuSheet sheet;
  private final Machine machine;

  /** The one of {@code machine}, if it is of that kind. */
  AppleGpu(CommandRunner runner, GpuSheet sheet, Machine machine) {
    this.runner = runner;
    this.sheet = sheet;
    this.machine = machine;
  }

  @Override
  public Found find() {
    if (!machine.cpu().startsWith("Apple M") || !machine.system().startsWith("mac")) {
      return Found.NOTHING;
    }
    long total = limit();
    GpuSheet.Row row = sheet.find("%s, %d cores".formatted(machine.cpu(), machine.physicalCores()));
    return new Found(
        List.of(
            new Gpu(
                Gpu.Vendor.APPLE,
                machine.cpu(),
                total,
                Math.min(total, machine.freeBytes()),
                true,
                row == null ? null : Double.valueOf(row.bytesPerSecond()),
                row == null ? null : row.flops(),
                null)),
        List.of());
  }

  private long limit() {
    if (runner.run(LIMIT) instanceof Outcome.Ended ended && ended.exit() == 0) {
      Long allowed = NvidiaSmi.mebibytes(ended.output().strip());
      if (allowed != null && allowed > 0) {
        return Math.min(allowed, machine.totalBytes());
      }
    }
    return machine.totalBytes() <= SMALL
        ? machine.totalBytes() / 3 * 2
        : machine.totalBytes() / 4 * 3;
  }
}
