package io.iir.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.catalog.Catalogue;
import io.iir.hardware.CommandRunner.Outcome;
import io.iir.recommend.Recommendation;
import io.iir.recommend.Recommendations;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppleGpuTest {

  private static final long GIBI = 1L << 30;

  private static Machine mac(String cpu, int cores, long memory, long free) {
    return new Machine(
        "macOS 15.1 aarch64", cpu, cores, cores, List.of(), null, memory * GIBI, free * GIBI);
  }

  private static GpuTool.Found find(Recorded tools, Machine machine) {
    return new AppleGpu(tools, GpuSheet.load(), machine).find();
  }

  @Test
  void takesThreeQuartersOfMuchMemory() {
    assertThat(find(new Recorded(), mac("Apple M4 Max", 16, 64, 60)).gpus())
        .containsExactly(
            new Gpu(
                Gpu.Vendor.APPLE,
                "Apple M4 Max",
                48 * GIBI,
                48 * GIBI,
                true,
                546e9,
                15.1e12,
                null));
  }

  @Test
  void takesTwoThirdsOfLittle() {
    Gpu gpu = find(new Recorded(), mac("Apple M2", 8, 16, 5)).gpus().getFirst();
    assertThat(gpu.totalBytes()).isEqualTo(16 * GIBI / 3 * 2);
    assertThat(gpu.freeBytes()).isEqualTo(5 * GIBI);
  }

  @Test
  void tellsTheSmallerMaxByItsCores() {
    Gpu gpu = find(new Recorded(), mac("Apple M3 Max", 14, 36, 30)).gpus().getFirst();
    assertThat(gpu.bytesPerSecond()).isEqualTo(300e9);
  }

  @Test
  void takesWhatAnAdministratorAllowed() {
    Recorded tools =
        new Recorded().with("sysctl -n iogpu.wired_limit_mb", new Outcome.Ended(0, "57344\n", ""));
    Gpu gpu = find(tools, mac("Apple M4 Max", 16, 64, 60)).gpus().getFirst();
    assertThat(gpu.totalBytes()).isEqualTo(56 * GIBI);
  }

  /** What Metal gives counts in full: it has been taken off the machine's memory once. */
  @Test
  void holdsModelsAsLargeAsWhatItTakes() {
    Machine mac = mac("Apple M4 Max", 16, 64, 60);
    Hardware hardware =
        new Hardware(
            mac.system(),
            new Cpu(mac.cpu(), 16, 16, null, List.of("neon"), null),
            new Memory(64 * GIBI, 60 * GIBI, null, null, 4e11),
            find(new Recorded(), mac).gpus(),
            List.of(),
            Instant.EPOCH);
    assertThat(Recommendations.of(hardware, Catalogue.shipped().models(), 4096))
        .filteredOn(each -> each.placement() == Recommendation.Placement.GPU)
        .allSatisfy(each -> assertThat(each.bytes()).isLessThanOrEqualTo(48 * GIBI))
        .anySatisfy(each -> {
          assertThat(each.model()).isEqualTo("llama-3.3-70b-instruct");
          assertThat(each.quantization()).isEqualTo("Q4_K_M");
          assertThat(each.bytes()).isGreaterThan(40 * GIBI);
        });
  }

  @Test
  void isNotThereElsewhere() {
    Recorded tools = new Recorded();
    assertThat(find(tools, mac("Intel(R) Core(TM) i9-9880H CPU @ 2.30GHz", 8, 16, 5)))
        .isEqualTo(GpuTool.Found.NOTHING);
    Machine asahi =
        new Machine("Linux 6.11 aarch64", "Apple M1", 8, 8, List.of(), null, GIBI, GIBI);
    assertThat(find(tools, asahi)).isEqualTo(GpuTool.Found.NOTHING);
    assertThat(tools.commands()).isEmpty();
  }
}
