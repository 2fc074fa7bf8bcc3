package io.iir.hardware;

import io.iir.hardware.CommandRunner.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The instances that NVIDIA's processors are cut into (MIG). {@code nvidia-smi -L} names them,
 * {@code nvidia-smi -q -x} tells their memory. An instance {@code 3g.40gb} computes with three of
 * seven slices and reads with as many of eight as its share of the memory.
 *
 * @see <a href="https://docs.nvidia.com/datacenter/tesla/mig-user-guide/">MIG User Guide</a>
 */
final class MigInstances {

  private static final int COMPUTE_SLICES = 7;
  private static final int MEMORY_SLICES = 8;
  private static final double GIGA = 1e9;
  private static final Pattern LISTED_GPU =
      Pattern.compile("^GPU \\d+: (.+) \\(UUID: (GPU-[^)]+)\\)");
  private static final Pattern LISTED =
      Pattern.compile("^ +MIG ((?:\\dc\\.)?(\\d)g\\.(\\d+)gb\\S*) +Device +(\\d+):");
  private static final Pattern GPU_PART = Pattern.compile("<gpu id=.*?</gpu>", Pattern.DOTALL);
  private static final Pattern UUID = Pattern.compile("<uuid>(GPU-[^<]+)</uuid>");
  private static final Pattern PART =
      Pattern.compile("<mig_device>(.*?)</mig_device>", Pattern.DOTALL);
  private static final Pattern INDEX = Pattern.compile("<index>(\\d+)</index>");
  private static final Pattern MEMORY =
      Pattern.compile(
          "<fb_memory_usage>.*?<total>([^<]+)</total>.*?<free>([^<]+)</free>.*?</fb_memory_usage>",
          Pattern.DOTALL);

  private final CommandRunner runner;
  private final GpuSheet sheet;

  MigInstances(CommandRunner runner, GpuSheet sheet) {
    this.runner = runner;
    this.sheet = sheet;
  }

  /**
   * The instances of {@code parents}.
   *
   * @param parents their rows: uuid, name, total, free, driver
   */
  GpuTool.Found find(List<String[]> parents) {
    if (!(runner.run(List.of("nvidia-smi", "-L")) instanceof Outcome.Ended list)
        || !(runner.run(List.of("nvidia-smi", "-q", "-x")) instanceof Outcome.Ended log)) {
      return GpuTool.Found.problem(
          "nvidia-smi does not list the MIG instances: run 'nvidia-smi -L' by hand to see why.");
    }
    Map<String, Share> shares = shares(log.output());
    List<Gpu> gpus = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String[] parent : parents) {
      int before = gpus.size();
      String at = "";
      for (String line : list.output().split("\\R", -1)) {
        Matcher gpu = LISTED_GPU.matcher(line);
        Matcher instance = LISTED.matcher(line);
        if (gpu.find()) {
          at = gpu.group(2);
        } else if (at.equals(parent[0]) && instance.find()) {
          gpus.add(gpu(parent, instance, shares.get(at + "/" + instance.group(4))));
        }
      }
      if (gpus.size() == before) {
        problems.add(
            "'%s' is in MIG mode and has no instance that may be used: make one by 'nvidia-smi mig"
                    .formatted(parent[1])
                + " -cgi … -C', or turn the mode off.");
      }
    }
    return new GpuTool.Found(gpus, problems);
  }

  private Gpu gpu(String[] parent, Matcher instance, @Nullable Share share) {
    int compute = Integer.parseInt(instance.group(2));
    int gigabytes = Integer.parseInt(instance.group(3));
    long bytes = share == null ? (long) (gigabytes * GIGA) : share.total();
    GpuSheet.Row row = sheet.find(parent[1]);
    Integer whole = row == null ? null : row.gigabytes();
    Double flops = row == null ? null : row.flops();
    return new Gpu(
        Gpu.Vendor.NVIDIA,
        parent[1] + " MIG " + instance.group(1),
        bytes,
        share == null ? bytes : Math.min(share.free(), bytes),
        false,
        row == null || whole == null
            ? null
            : Double.valueOf(
                row.bytesPerSecond()
                    * Math.clamp(
                        Math.round((double) MEMORY_SLICES * gigabytes / whole), 1, MEMORY_SLICES)
                    / MEMORY_SLICES),
        flops == null ? null : Double.valueOf(flops * compute / COMPUTE_SLICES),
        parent[4]);
  }

  /** What each instance has, by {@code <uuid of its processor>/<index>}. */
  private static Map<String, Share> shares(String log) {
    Map<String, Share> all = new LinkedHashMap<>();
    Matcher gpus = GPU_PART.matcher(log);
    while (gpus.find()) {
      Matcher uuid = UUID.matcher(gpus.group());
      Matcher parts = PART.matcher(gpus.group());
      while (uuid.find(0) && parts.find()) {
        Matcher index = INDEX.matcher(parts.group(1));
        Matcher memory = MEMORY.matcher(parts.group(1));
        if (index.find() && memory.find()) {
          Long total = NvidiaSmi.mebibytes(memory.group(1));
          Long free = NvidiaSmi.mebibytes(memory.group(2));
          if (total != null && free != null) {
            all.put(uuid.group(1) + "/" + index.group(1), new Share(total, free));
          }
        }
      }
    }
    return all;
  }

  /** An instance's memory, in bytes. */
  private record Share(long total, long free) {}
}
