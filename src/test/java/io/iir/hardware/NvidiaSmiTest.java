package io.iir.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.iir.hardware.CommandRunner.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NvidiaSmiTest {

  private static final long MEBI = 1L << 20;
  private static final Memory MEMORY = new Memory(128L << 30, 100L << 30, null, null, null);

  private static GpuTool.Found find(Recorded tools) {
    return new NvidiaSmi(tools, GpuSheet.load(), MEMORY).find();
  }

  @Test
  void tellsOneProcessor() {
    Recorded tools = new Recorded().with("nvidia-smi", 0, "nvidia-smi-h100.csv");
    assertThat(find(tools))
        .isEqualTo(
            new GpuTool.Found(
                List.of(
                    new Gpu(
                        Gpu.Vendor.NVIDIA,
                        "NVIDIA H100 80GB HBM3",
                        81559 * MEBI,
                        81008 * MEBI,
                        false,
                        3350e9,
                        989e12,
                        "550.90.07")),
                List.of()));
    assertThat(tools.commands())
        .containsExactly(
            List.of(
                "nvidia-smi",
                "--query-gpu=uuid,name,memory.total,memory.free,driver_version,mig.mode.current",
                "--format=csv,noheader,nounits"));
  }

  @Test
  void tellsWhatARealMachineSaid() {
    GpuTool.Found found = find(new Recorded().with("nvidia-smi", 0, "nvidia-smi-h200.csv"));
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus())
        .containsExactly(
            new Gpu(
                Gpu.Vendor.NVIDIA,
                "NVIDIA H200",
                143771 * MEBI,
                143156 * MEBI,
                false,
                4800e9,
                989e12,
                "580.159.04"));
  }

  @Test
  void tellsSeveralInTheirOrder() {
    GpuTool.Found found = find(new Recorded().with("nvidia-smi", 0, "nvidia-smi-2xh100.csv"));
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus()).extracting(Gpu::freeBytes).containsExactly(81008 * MEBI, 14563 * MEBI);
  }

  @Test
  void takesALaptopsForWhatItIs() {
    GpuTool.Found found =
        find(new Recorded().with("nvidia-smi", 0, "nvidia-smi-rtx4090-laptop.csv"));
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus().getFirst().name()).isEqualTo("NVIDIA GeForce RTX 4090 Laptop GPU");
    assertThat(found.gpus().getFirst().bytesPerSecond()).isEqualTo(576e9);
  }

  @Test
  void tellsInstancesInsteadOfTheProcessorThatIsCut() {
    GpuTool.Found found =
        find(
            new Recorded()
                .with("nvidia-smi --query", 0, "nvidia-smi-mig.csv")
                .with("nvidia-smi -L", 0, "nvidia-smi-mig-list.txt")
                .with("nvidia-smi -q -x", 0, "nvidia-smi-mig.xml"));
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus())
        .extracting(Gpu::name)
        .containsExactly(
            "NVIDIA A100 80GB PCIe MIG 3g.40gb",
            "NVIDIA A100 80GB PCIe MIG 2g.20gb",
            "NVIDIA A100 80GB PCIe MIG 1g.10gb");
    assertThat(found.gpus())
        .extracting(Gpu::totalBytes)
        .containsExactly(40192 * MEBI, 19968 * MEBI, 9728 * MEBI);
    assertThat(found.gpus())
        .extracting(Gpu::freeBytes)
        .containsExactly(40167 * MEBI, 4758 * MEBI, 9715 * MEBI);
    assertThat(found.gpus().getFirst().bytesPerSecond()).isEqualTo(1935e9 / 2);
    assertThat(found.gpus().getLast().bytesPerSecond()).isEqualTo(1935e9 / 8);
    assertThat(found.gpus().getFirst().flops()).isCloseTo(312e12 * 3 / 7, within(1e6));
  }

  @Test
  void tellsTheInstanceOfAContainerThatMayNotSeeTheWhole() {
    GpuTool.Found found =
        find(
            new Recorded()
                .with("nvidia-smi --query", 0, "nvidia-smi-mig-container.csv")
                .with("nvidia-smi -L", 0, "nvidia-smi-mig-container-list.txt")
                .with("nvidia-smi -q -x", new Outcome.Ended(0, "", "")));
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus())
        .singleElement()
        .satisfies(gpu -> {
          assertThat(gpu.name()).isEqualTo("NVIDIA H100 80GB HBM3 MIG 3g.40gb");
          assertThat(gpu.totalBytes()).isEqualTo(40_000_000_000L);
        });
  }

  @Test
  void saysThatACutProcessorHasNoInstance() {
    GpuTool.Found found =
        find(
            new Recorded()
                .with("nvidia-smi --query", 0, "nvidia-smi-mig.csv")
                .with("nvidia-smi -L", new Outcome.Ended(0, "", ""))
                .with("nvidia-smi -q -x", new Outcome.Ended(0, "", "")));
    assertThat(found.gpus()).isEmpty();
    assertThat(found.problems()).singleElement().asString().contains("A100").contains("MIG mode");
  }

  @Test
  void asksOldDriversForLess() {
    Recorded tools =
        new Recorded()
            .with(
                "nvidia-smi --query-gpu=uuid,name,memory.total,memory.free,driver_version,mig",
                2,
                "nvidia-smi-old-field.txt")
            .with(
                "nvidia-smi --query-gpu=uuid,name,memory.total,memory.free,driver_version --format",
                0,
                "nvidia-smi-v100-old.csv");
    GpuTool.Found found = find(tools);
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus()).extracting(Gpu::name).containsExactly("Tesla V100-SXM2-16GB");
  }

  @Test
  void seesThatAProcessorSharesTheMachinesMemory() {
    GpuTool.Found found = find(new Recorded().with("nvidia-smi", 0, "nvidia-smi-gb10.csv"));
    assertThat(found.problems()).isEmpty();
    assertThat(found.gpus())
        .containsExactly(
            new Gpu(
                Gpu.Vendor.NVIDIA,
                "NVIDIA GB10",
                128L << 30,
                100L << 30,
                true,
                273e9,
                null,
                "580.95.05"));
  }

  @Test
  void findsNothingWhereTheProgramIsMissing() {
    assertThat(find(new Recorded())).isEqualTo(GpuTool.Found.NOTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "9, nvidia-smi-no-driver.txt, couldn't communicate, install or load NVIDIA's driver",
    "18, nvidia-smi-mismatch.txt, version mismatch, restart the machine",
    "255, nvidia-smi-lost-in-container.txt, Unknown Error, start the container anew",
    "6, nvidia-smi-none.txt, No devices were found, give the container its devices"
  })
  void saysWhatIsWrongAndWhatMendsIt(int exit, String file, String said, String mend) {
    GpuTool.Found found = find(new Recorded().with("nvidia-smi", exit, file));
    assertThat(found.gpus()).isEmpty();
    assertThat(found.problems())
        .singleElement()
        .asString()
        .contains("exit status " + exit, said, mend)
        .endsWith(".");
  }

  @Test
  void keepsWhatItToldBeforeItFailed() {
    GpuTool.Found found = find(new Recorded().with("nvidia-smi", 15, "nvidia-smi-lost.txt"));
    assertThat(found.gpus()).hasSize(1);
    assertThat(found.problems()).singleElement().asString().contains("GPU is lost");
  }

  @Test
  void saysThatTheProgramHangs() {
    assertThat(
            find(
                new Recorded()
                    .with("nvidia-smi", new Outcome.Broken("did not end within 3000 ms"))))
        .isEqualTo(GpuTool.Found.problem("nvidia-smi did not end within 3000 ms."));
  }

  @Test
  void doesNotBelieveGarbage() {
    GpuTool.Found found =
        find(
            new Recorded()
                .with("nvidia-smi", new Outcome.Ended(0, "\u0007GPU-1, x, -4, 9e9, \u0000\n", "")));
    assertThat(found.gpus()).isEmpty();
    assertThat(found.problems()).isNotEmpty();
    assertThat(String.join("", found.problems())).doesNotContainPattern("\\p{Cntrl}");
  }
}
