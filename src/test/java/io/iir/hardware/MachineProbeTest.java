package io.iir.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MachineProbeTest {

  private static final Instant NOW = Instant.parse("2026-11-27T07:00:00Z");

  /** A clock of which each look takes a quarter of a second. */
  private final AtomicLong nanos = new AtomicLong();

  private MachineProbe probe(Machine.Source source, String files, Recorded tools) {
    return probe(source, Recorded.root(files), tools);
  }

  private MachineProbe probe(Machine.Source source, Path root, Recorded tools) {
    return new MachineProbe(
        source,
        root,
        tools,
        new MemoryBandwidth(() -> nanos.addAndGet(250_000_000)),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  private static Machine machine(String cpu, int physical, int logical) {
    return new Machine(
        "Linux 6.8.0 amd64", cpu, physical, logical, List.of(), 4_200_000_000L, 1L << 30, 1L << 29);
  }

  @Test
  void tellsALaptop() {
    Hardware laptop =
        probe(
                () -> machine("11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz", 4, 8),
                "laptop",
                new Recorded())
            .detect();
    assertThat(laptop.system()).isEqualTo("Linux 6.8.0 amd64");
    assertThat(laptop.detected()).isEqualTo(NOW);
    assertThat(laptop.problems()).isEmpty();
    assertThat(laptop.gpus()).isEmpty();
    assertThat(laptop.cpu())
        .isEqualTo(
            new Cpu(
                "11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz",
                4,
                8,
                null,
                List.of(
                    "avx", "avx2", "avx512_vnni", "avx512bw", "avx512f", "avx512vl", "f16c", "fma"),
                4_200_000_000L));
    assertThat(laptop.memory().totalBytes()).isEqualTo(7_914_508L << 10);
    assertThat(laptop.memory().freeBytes()).isEqualTo(3_381_240L << 10);
    assertThat(laptop.memory().limitBytes()).isNull();
    assertThat(laptop.memory().usedBytes()).isNull();
    assertThat(laptop.memory().bytesPerSecond()).isPositive();
  }

  @Test
  void tellsAServerFromInsideAContainer() {
    Recorded tools =
        new Recorded()
            .with("nvidia-smi", 0, "nvidia-smi-2xh100.csv")
            .with("rocm-smi", 2, "rocm-smi-no-driver.txt");
    Hardware server =
        probe(() -> machine("Intel(R) Xeon(R) Platinum 8480+", 56, 112), "server", tools).detect();
    assertThat(server.cpu().limit()).isEqualTo(16.0);
    assertThat(server.cpu().instructionSets())
        .contains("amx_int8", "amx_bf16", "amx_tile", "avx512_bf16", "avx512_fp16", "avx_vnni");
    assertThat(server.memory().limitBytes()).isEqualTo(64L << 30);
    assertThat(server.memory().usedBytes()).isEqualTo(10L << 30);
    assertThat(server.memory().availableBytes()).isEqualTo(54L << 30);
    assertThat(server.gpus()).hasSize(2);
    assertThat(server.problems()).singleElement().asString().startsWith("rocm-smi fails");
  }

  @Test
  void tellsAnArmServer() {
    Hardware server =
        probe(() -> machine("Neoverse-V1", 16, 16), "arm-server", new Recorded()).detect();
    assertThat(server.cpu().instructionSets())
        .containsExactly("bf16", "dotprod", "fp16", "i8mm", "neon", "sve");
    assertThat(server.cpu().limit()).isEqualTo(2.5);
    assertThat(server.memory().limitBytes()).isEqualTo(8L << 30);
  }

  @Test
  void measuresMemoryOnce() {
    MachineProbe probe = probe(() -> machine("x", 1, 1), "laptop", new Recorded());
    Hardware first = probe.detect();
    long looks = nanos.get();
    Hardware second = probe.detect();
    assertThat(second.memory().bytesPerSecond()).isEqualTo(first.memory().bytesPerSecond());
    assertThat(nanos.get()).isEqualTo(looks);
  }

  @Test
  void asksAllElseEachTime() {
    Recorded tools = new Recorded().with("nvidia-smi", 0, "nvidia-smi-h100.csv");
    MachineProbe probe = probe(() -> machine("x", 1, 1), "laptop", tools);
    assertThat(probe.detect().gpus()).hasSize(1);
    tools.with("nvidia-smi", 0, "nvidia-smi-2xh100.csv");
    assertThat(probe.detect().gpus()).hasSize(2);
  }

  @Test
  void measuresNothingWhereMemoryIsShort() {
    Machine.Source small = () -> new Machine("x", "x", 1, 1, List.of(), null, 64L << 20, 32L << 20);
    Hardware hardware = probe(small, Path.of("no-such-root"), new Recorded()).detect();
    assertThat(hardware.memory().bytesPerSecond()).isNull();
    assertThat(hardware.problems()).singleElement().asString().contains("speed is not measured");
  }

  @Test
  void doesWithWhatJavaTellsWhereTheSystemIsNotKnown() {
    Hardware hardware =
        probe(
                () -> {
                  throw new UnsatisfiedLinkError("/tmp/jna.so: failed to map segment\n");
                },
                "laptop",
                new Recorded())
            .detect();
    assertThat(hardware.problems())
        .singleElement()
        .asString()
        .contains("failed to map segment")
        .endsWith(".");
    assertThat(hardware.cpu().physicalCores()).isPositive();
    assertThat(hardware.memory().totalBytes()).isPositive();
  }

  @Test
  void tellsThisMachine() {
    MachineProbe probe = new MachineProbe();
    Hardware here = probe.detect();
    assertThat(here.system()).contains(System.getProperty("os.version"));
    assertThat(here.cpu().model()).isNotBlank();
    assertThat(here.cpu().logicalCores())
        .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(here.cpu().instructionSets()).isNotEmpty();
    assertThat(here.memory().freeBytes()).isBetween(1L, here.memory().totalBytes());
    assertThat(here.memory().usableBytes()).isPositive();
    assertThat(here.memory().bytesPerSecond()).isBetween(1e8, 2e13);
    assertThat(probe.detect().memory().bytesPerSecond()).isEqualTo(here.memory().bytesPerSecond());
  }
}
