package io.iir.recommend;

import io.iir.catalog.OpenWeights;
import io.iir.hardware.Gpu;
import io.iir.hardware.Hardware;
import io.iir.recommend.Quantization.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A machine, and the ways in which a model fits it.
 *
 * <p>Room on a GPU is its memory less 3%, for the display and what the driver keeps; vLLM takes
 * 90%, as is its default. A GPU by Apple tells what Metal gives it, and has all of that. Of memory
 * that another GPU shares, two thirds count up to 36 GiB and three quarters beyond, as if it were
 * Metal's. Of main memory, the system keeps 2 GiB or a tenth, whichever is more; of a container's,
 * a tenth.
 *
 * @param hardware what it is
 * @param gpus the GPUs that work together: those of one kind that have the most memory
 */
record Machine(Hardware hardware, List<Gpu> gpus) {

  /** What each of several GPUs adds where they share layers: the rest is spent talking. */
  static final double SHARING = 0.8;

  private static final double GIB = 1L << 30;

  static Machine of(Hardware hardware) {
    Map<String, List<Gpu>> kinds = new LinkedHashMap<>();
    for (Gpu gpu : hardware.gpus()) {
      kinds.computeIfAbsent(gpu.vendor() + gpu.name(), any -> new ArrayList<>()).add(gpu);
    }
    List<Gpu> best =
        kinds.values().stream()
            .max(Comparator.comparingLong(kind -> kind.stream().mapToLong(Gpu::totalBytes).sum()))
            .orElse(List.of());
    return new Machine(hardware, List.copyOf(best));
  }

  /** All ways in which {@code model} fits, kept as {@code quantization} says. */
  List<Fit> fits(OpenWeights model, Quantization quantization, int context) {
    Footprint footprint = Footprint.of(model, quantization, context);
    List<Fit> fits = new ArrayList<>();
    onGpus(fits, model, quantization, footprint);
    if (quantization.server() == Server.LLAMA_CPP) {
      if (fits.isEmpty()) {
        split(fits, model, quantization, footprint);
      }
      if (footprint.total(0) <= memoryRoom()) {
        Processor cpu = Processor.of(hardware.cpu(), hardware.memory());
        fits.add(Fit.inMemory(model, quantization, footprint, memoryRoom(), cpu));
      }
    }
    return fits;
  }

  private void onGpus(
      List<Fit> fits, OpenWeights model, Quantization quantization, Footprint footprint) {
    if (gpus.isEmpty() || !Arithmetic.runs(gpus.getFirst(), quantization)) {
      return;
    }
    Processor each = Processor.of(gpus.getFirst(), quantization.server());
    for (int count = 1; count <= gpus.size(); count++) {
      Footprint held = footprint;
      if (quantization.server() == Server.VLLM) {
        if (!shares(model, count)) {
          continue;
        }
        held = model.kvHeads() == 1 ? footprint.copied(count) : footprint;
      }
      double room = count * gpuRoom(quantization.server());
      if (held.total(count) <= room) {
        fits.add(Fit.onGpus(model, quantization, held, count, room, each));
        return; // the others are free for something else
      }
    }
  }

  /**
   * Whether vLLM can share the layers of {@code model} among so many GPUs: each takes as many heads
   * of keys and values as the others. A single head, as of latent attention, is copied to each.
   */
  private static boolean shares(OpenWeights model, int count) {
    return Integer.bitCount(count) == 1 && (model.kvHeads() == 1 || model.kvHeads() % count == 0);
  }

  /** Whether vLLM too can serve what {@code fit} keeps on GPUs. */
  boolean isForVllm(OpenWeights model, Fit fit) {
    return fit.placement() == Recommendation.Placement.GPU
        && gpus.getFirst().vendor() == Gpu.Vendor.NVIDIA
        && Arithmetic.runs(gpus.getFirst(), Quantization.BF16)
        && shares(model, fit.gpus())
        && fit.bytes() <= fit.gpus() * gpuRoom(Server.VLLM);
  }

  private void split(
      List<Fit> fits, OpenWeights model, Quantization quantization, Footprint footprint) {
    if (gpus.isEmpty() || gpus.getFirst().shares()) {
      return;
    }
    double layer = (footprint.weights() + footprint.keysAndValues()) / model.layers();
    double room = gpus.size() * gpuRoom(Server.LLAMA_CPP) - footprint.besides(gpus.size());
    int onGpu = (int) Math.min(model.layers() - 1, Math.floor(room / layer));
    double rest = memoryRoom() - (model.layers() - onGpu) * layer - footprint.besides(0);
    if (onGpu > 0 && rest >= 0) {
      fits.add(
          Fit.split(
              model,
              quantization,
              footprint,
              gpus.size(),
              onGpu,
              rest,
              Processor.of(gpus.getFirst(), Server.LLAMA_CPP),
              Processor.of(hardware.cpu(), hardware.memory())));
    }
  }

  private double gpuRoom(Server server) {
    Gpu gpu = gpus.getFirst();
    double total = gpus.stream().mapToLong(Gpu::totalBytes).min().orElse(0);
    if (gpu.vendor() == Gpu.Vendor.APPLE) {
      return total;
    }
    if (gpu.shares()) {
      return total * (total > 36 * GIB ? 0.75 : 2 / 3.0);
    }
    return total * (server == Server.VLLM ? 0.9 : 0.97);
  }

  private double memoryRoom() {
    double usable = hardware.memory().usableBytes();
    boolean container = usable < hardware.memory().totalBytes();
    return Math.max(0, usable - Math.max(container ? 0 : 2 * GIB, usable / 10));
  }
}
