package io.iir.hardware;

import io.iir.hardware.CommandRunner.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What NVIDIA's {@code nvidia-smi} tells of graphics processors. Where it is missing there are
 * none. One that is cut into instances (MIG) is told as these, never as itself; one that has no
 * memory of its own (GB10, Jetson) shares the machine's.
 *
 * @see <a href="https://docs.nvidia.com/deploy/nvidia-smi/">nvidia-smi</a>
 */
final class NvidiaSmi implements GpuTool {

  private static final String PROGRAM = "nvidia-smi";
  private static final List<String> FIELDS =
      List.of("uuid", "name", "memory.total", "memory.free", "driver_version");
  private static final String MIG_FIELD = "mig.mode.current"; // not in drivers before 450
  private static final long MEBI = 1L << 20;

  private final CommandRunner runner;
  private final GpuSheet sheet;
  private final Memory memory;

  /** What {@code runner} runs tells, on a machine with {@code memory}. */
  NvidiaSmi(CommandRunner runner, GpuSheet sheet, Memory memory) {
    this.runner = runner;
    this.sheet = sheet;
    this.memory = memory;
  }

  @Override
  public Found find() {
    Outcome outcome = runner.run(query(true));
    if (outcome instanceof Outcome.Ended ended
        && ended.exit() != 0
        && (ended.output() + ended.errors()).contains("not a valid field")) {
      outcome = runner.run(query(false));
    }
    return switch (outcome) {
      case Outcome.Missing missing -> Found.NOTHING;
      case Outcome.Broken broken -> Found.problem("nvidia-smi %s.".formatted(broken.why()));
      case Outcome.Ended ended -> read(ended);
    };
  }

  private static List<String> query(boolean mig) {
    String fields = String.join(",", FIELDS) + (mig ? "," + MIG_FIELD : "");
    return List.of(PROGRAM, "--query-gpu=" + fields, "--format=csv,noheader,nounits");
  }

  private Found read(Outcome.Ended ended) {
    List<Gpu> gpus = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    List<String[]> cut = new ArrayList<>();
    for (String line : ended.output().split("\\R", -1)) {
      String[] cells = line.strip().split(" *, *", -1);
      if (cells.length < FIELDS.size() || !cells[0].startsWith("GPU-")) {
        continue;
      }
      if (cells.length > FIELDS.size() && cells[FIELDS.size()].equals("Enabled")) {
        cut.add(cells);
        continue;
      }
      Gpu gpu = gpu(cells);
      if (gpu == null) {
        problems.add(
            "nvidia-smi does not tell the memory of '%s', it says %s: the driver may be at odds"
                    .formatted(cells[1], Said.first(cells[2]))
                + " with the device, see the system's log.");
      } else {
        gpus.add(gpu);
      }
    }
    if (!cut.isEmpty()) {
      Found instances = new MigInstances(runner, sheet).find(cut);
      gpus.addAll(instances.gpus());
      problems.addAll(instances.problems());
    }
    if (ended.exit() != 0 || (gpus.isEmpty() && problems.isEmpty())) {
      problems.add(failure(ended));
    }
    return new Found(gpus, problems);
  }

  private @Nullable Gpu gpu(String[] cells) {
    Long total = mebibytes(cells[2]);
    Long free = mebibytes(cells[3]);
    boolean shares = total == null && isNotAvailable(cells[2]);
    if (shares) {
      total = memory.usableBytes();
      free = memory.availableBytes();
    }
    if (total == null) {
      return null;
    }
    GpuSheet.Row row = sheet.find(cells[1]);
    return new Gpu(
        Gpu.Vendor.NVIDIA,
        cells[1],
        total,
        free == null ? total : Math.min(free, total),
        shares,
        row == null ? null : Double.valueOf(row.bytesPerSecond()),
        row == null ? null : row.flops(),
        cells[4].isEmpty() || cells[4].startsWith("[") ? null : cells[4]);
  }

  /** What is wrong, and what mends it for the failures that occur. */
  private static String failure(Outcome.Ended ended) {
    String said = Said.first(ended.output(), ended.errors());
    String all = (ended.output() + ended.errors()).toLowerCase(Locale.ROOT);
    String mend;
    if (all.contains("couldn't communicate") || all.contains("could not communicate")) {
      mend = "install or load NVIDIA's driver, or remove nvidia-smi if there is no such device";
    } else if (all.contains("version mismatch")) {
      mend = "restart the machine, or reload NVIDIA's driver: it was updated while in use";
    } else if (all.contains("no devices were found")) {
      mend = "give the container its devices, or see the system's log for why the driver has none";
    } else if (all.contains("failed to initialize nvml")) {
      mend = "start the container anew: it lost its devices";
    } else {
      mend = "run nvidia-smi by hand to see more";
    }
    return "nvidia-smi fails (exit status %d) and says %s: %s.".formatted(ended.exit(), said, mend);
  }

  private static boolean isNotAvailable(String cell) {
    return cell.equals("[N/A]") || cell.equals("N/A") || cell.equals("[Not Supported]");
  }

  /** The bytes of a number of mebibytes, with or without its unit; null if it is none. */
  static @Nullable Long mebibytes(String cell) {
    String digits = cell.replaceFirst(" *MiB$", "").strip();
    return digits.matches("\\d{1,9}") ? Long.valueOf(Long.parseLong(digits) * MEBI) : null;
  }
}
