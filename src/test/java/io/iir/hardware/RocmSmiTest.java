package io.iir.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.iir.hardware.CommandRunner.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class RocmSmiTest {

  private static GpuTool.Found find(Recorded tools) {
    return new RocmSmi(tools, GpuSheet.load()).find();
  }

  @Test
  void tellsServerProcessors() {
    Recorded tools = new Recorded().with("rocm-smi", 0, "rocm-smi-mi300x.json");
    GpuTool.Found found = find(tools);
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus())
        .containsExactly(
            new Gpu(
                Gpu.Vendor.AMD,
                "AMD Instinct MI300X",
                206141652992L,
                206141652992L - 297611264L,
                false,
                5300e9,
                1307e12,
                "6.10.5"),
            new Gpu(
                Gpu.Vendor.AMD,
                "AMD Instinct MI300X",
                206141652992L,
                206141652992L - 189243777024L,
                false,
                5300e9,
                1307e12,
                "6.10.5"));
    assertThat(tools.commands())
        .containsExactly(
            List.of(
                "rocm-smi",
                "--showproductname",
                "--showmeminfo",
                "vram",
                "--showdriverversion",
                "--json"));
  }

  @Test
  void readsPastWarnings() {
    GpuTool.Found found = find(new Recorded().with("rocm-smi", 0, "rocm-smi-rx7900xtx.json"));
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus())
        .extracting(Gpu::name, Gpu::bytesPerSecond)
        .containsExactly(tuple("Radeon RX 7900 XTX", 960e9), tuple("Raphael", null));
  }

  @Test
  void looksWhereRocmIsInstalled() {
    assertThat(
            find(new Recorded().with("/opt/rocm/bin/rocm-smi", 0, "rocm-smi-mi300x.json")).gpus())
        .hasSize(2);
  }

  @Test
  void asksTheSuccessorWhereItIsMissing() {
    GpuTool.Found found =
        find(
            new Recorded()
                .with("amd-smi static", 0, "amd-smi-static.json")
                .with("amd-smi metric", 0, "amd-smi-usage.json"));
    assertThat(found)
        .isEqualTo(
            new GpuTool.Found(
                List.of(
                    new Gpu(
                        Gpu.Vendor.AMD,
                        "AMD Instinct MI300X",
                        206141652992L,
                        196309L << 20,
                        false,
                        5300e9,
                        1307e12,
                        "6.19.14")),
                List.of()));
  }

  @Test
  void findsNothingWhereBothAreMissing() {
    assertThat(find(new Recorded())).isEqualTo(GpuTool.Found.NOTHING);
  }

  @Test
  void saysThatTheDriverIsNotThere() {
    GpuTool.Found found = find(new Recorded().with("rocm-smi", 2, "rocm-smi-no-driver.txt"));
    assertThat(found.gpus()).isEmpty();
    assertThat(found.problems())
        .singleElement()
        .asString()
        .contains("exit status 2", "Driver not initialized", "load the driver amdgpu");
  }

  @Test
  void doesNotBelieveGarbage() {
    for (String output : List.of("", "{", "[]", "{}", "{\"card0\": 5}", "{\"card0\": {}}")) {
      GpuTool.Found found = find(new Recorded().with("rocm-smi", new Outcome.Ended(0, output, "")));
      assertThat(found.gpus()).as(output).isEmpty();
      assertThat(found.problems()).as(output).hasSize(1);
    }
  }
}
