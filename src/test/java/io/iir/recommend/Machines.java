package io.iir.recommend;

import io.iir.hardware.Cpu;
import io.iir.hardware.Gpu;
import io.iir.hardware.Gpu.Vendor;
import io.iir.hardware.Hardware;
import io.iir.hardware.Memory;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Machines to recommend for. */
final class Machines {

  static final long GIB = 1L << 30;

  /** Bandwidth and half-precision operations are those of the data sheets. */
  static final Gpu RTX_4090 = gpu(Vendor.NVIDIA, "NVIDIA GeForce RTX 4090", 24, 1008e9, 330.3e12);

  static final Gpu H100 = gpu(Vendor.NVIDIA, "NVIDIA H100 80GB HBM3", 80, 3350e9, 989e12);

  static final Hardware LAPTOP =
      machine(cpu("laptop", 4, List.of("avx2")), memory(8, 35e9), List.of());
  static final Hardware ONE_4090 =
      machine(cpu("desktop", 16, List.of("avx2", "avx512f")), memory(64, 65e9), List.of(RTX_4090));
  static final Hardware ONE_H100 = server(1);
  static final Hardware TWO_H100 = server(2);

  private Machines() {}

  /** The four machines of the documents, by what they are called there. */
  static Map<String, Hardware> four() {
    Map<String, Hardware> four = new LinkedHashMap<>();
    four.put("Laptop: 4 cores, 8 GB, no GPU", LAPTOP);
    four.put("Desktop: RTX 4090 (24 GB), 64 GB", ONE_4090);
    four.put("Server: H100 (80 GB), 256 GB", ONE_H100);
    four.put("Server: 2 × H100 (80 GB), 256 GB", TWO_H100);
    return four;
  }

  private static Hardware server(int gpus) {
    return machine(
        cpu("server", 32, List.of("avx2", "avx512f")),
        memory(256, 200e9),
        Collections.nCopies(gpus, H100));
  }

  static Gpu gpu(
      Vendor vendor,
      String name,
      int gib,
      @Nullable Double bytesPerSecond,
      @Nullable Double flops) {
    boolean shares = vendor == Vendor.APPLE;
    return new Gpu(vendor, name, gib * GIB, gib * GIB, shares, bytesPerSecond, flops, null);
  }

  static Cpu cpu(String model, int cores, List<String> sets) {
    return new Cpu(model, cores, 2 * cores, null, sets, 4_000_000_000L);
  }

  static Memory memory(int gib, @Nullable Double bytesPerSecond) {
    return new Memory(gib * GIB, gib * GIB, null, null, bytesPerSecond);
  }

  static Hardware machine(Cpu cpu, Memory memory, List<Gpu> gpus) {
    return new Hardware("Linux", cpu, memory, gpus, List.of(), Instant.EPOCH);
  }
}
