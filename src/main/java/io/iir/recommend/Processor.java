package io.iir.recommend;

import io.iir.hardware.Cpu;
import io.iir.hardware.Gpu;
import io.iir.hardware.Memory;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What computes, as far as speed follows from it. The shares and delays are fitted to the
 * measurements in {@code docs/RECOMMENDATIONS.md}, which a test holds them to.
 *
 * @param bytesPerSecond how fast it reads its memory
 * @param reached the share of that which reading weights reaches
 * @param layerSeconds what a layer takes besides: starting its kernels, waiting for its threads
 * @param flops operations a second; null: unknown
 * @param computed the share of that which reading a prompt reaches
 * @param assumed whether {@code bytesPerSecond} is only assumed
 */
record Processor(
    double bytesPerSecond,
    double reached,
    double layerSeconds,
    @Nullable Double flops,
    double computed,
    boolean assumed) {

  /** A slow card of the last ten years. */
  private static final double SLOW_GPU = 250e9;

  /** Two channels of slow DDR4. */
  private static final double SLOW_MEMORY = 25e9;

  private static final double CLOCK = 3e9;

  /** GPUs with stacked memory, of which llama.cpp's kernels reach less. */
  private static final Pattern STACKED =
      Pattern.compile(
          "\\b(A100|A30|A800|H100|H200|H800|H20|B200|B300|GH200|GB200|GB300|V100|MI\\d{3})(?!\\d)");

  /** {@code gpu}, as {@code server} uses it. */
  static Processor of(Gpu gpu, Quantization.Server server) {
    Double known = gpu.bytesPerSecond();
    boolean stacked = STACKED.matcher(gpu.name()).find();
    double reached =
        switch (gpu.vendor()) {
          case NVIDIA -> server == Quantization.Server.VLLM ? 0.85 : stacked ? 0.58 : 0.92;
          case AMD -> stacked ? 0.55 : 0.85;
          case APPLE -> 0.85;
        };
    double layerMicros =
        switch (gpu.vendor()) {
          case NVIDIA -> stacked && server == Quantization.Server.LLAMA_CPP ? 100 : 60;
          case AMD -> 110;
          case APPLE -> 145;
        };
    double computed =
        switch (gpu.vendor()) {
          case NVIDIA -> server == Quantization.Server.VLLM ? 0.5 : stacked ? 0.11 : 0.35;
          case AMD -> 0.4;
          case APPLE -> 0.6;
        };
    return new Processor(
        known == null ? SLOW_GPU : known,
        reached,
        layerMicros / 1e6,
        gpu.flops(),
        computed,
        known == null);
  }

  /**
   * {@code cpu}, reading {@code memory}. Its operations a second are estimated: cores × clock ×
   * what a core does in a cycle by its widest instructions, two fused multiply-adds of 32-bit
   * numbers.
   */
  static Processor of(Cpu cpu, Memory memory) {
    Double known = memory.bytesPerSecond();
    double cores =
        cpu.limit() == null ? cpu.physicalCores() : Math.min(cpu.limit(), cpu.physicalCores());
    double clock = cpu.maxHertz() == null ? CLOCK : cpu.maxHertz();
    return new Processor(
        known == null ? SLOW_MEMORY : known,
        0.8,
        20e-6,
        cores * clock * perCycle(cpu.instructionSets()),
        0.25,
        known == null);
  }

  private static int perCycle(List<String> sets) {
    return sets.contains("avx512f") ? 64 : sets.contains("avx2") ? 32 : 16;
  }
}
