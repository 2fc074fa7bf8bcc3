package io.iir.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GpuSheetTest {

  private final GpuSheet sheet = GpuSheet.load();

  @ParameterizedTest
  @CsvSource({
    "NVIDIA H100 80GB HBM3, 3350, 989",
    "NVIDIA H100 PCIe, 2039, 756",
    "NVIDIA H100 NVL, 3938, 835",
    "NVIDIA H200, 4800, 989",
    "NVIDIA B200, 8000, 2250",
    "NVIDIA GH200 480GB, 4000, 990",
    "NVIDIA GH200 144G HBM3e, 4900, 990",
    "NVIDIA A100-SXM4-40GB, 1555, 312",
    "NVIDIA A100-SXM4-80GB, 2039, 312",
    "NVIDIA A100 80GB PCIe, 1935, 312",
    "NVIDIA A100-PCIE-40GB, 1555, 312",
    "NVIDIA A10G, 600, 70",
    "NVIDIA A10, 600, 125",
    "NVIDIA A40, 696, 149.7",
    "NVIDIA L4, 300, 121",
    "NVIDIA L40S, 864, 362",
    "NVIDIA L40, 864, 181",
    "Tesla T4, 320, 65",
    "Tesla V100-SXM2-32GB, 900, 125",
    "NVIDIA RTX A6000, 768, 154.8",
    "NVIDIA RTX 6000 Ada Generation, 960, 364",
    "NVIDIA RTX 4000 Ada Generation, 360, 81.9",
    "NVIDIA RTX 4000 SFF Ada Generation, 280, 76.7",
    "NVIDIA RTX PRO 6000 Blackwell Workstation Edition, 1792, 503",
    "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition, 1792, 503",
    "NVIDIA GeForce RTX 3060, 360, 25.5",
    "NVIDIA GeForce RTX 3060 Ti, 448, 32.4",
    "NVIDIA GeForce RTX 3090, 936, 71",
    "NVIDIA GeForce RTX 3090 Ti, 1008, 80",
    "NVIDIA GeForce RTX 4070 Ti SUPER, 672, 88.2",
    "NVIDIA GeForce RTX 4090, 1008, 165.2",
    "NVIDIA GeForce RTX 4090 Laptop GPU, 576, 85.8",
    "NVIDIA GeForce RTX 5070 Ti, 896, 87.9",
    "NVIDIA GeForce RTX 5090, 1792, 209.5",
    "AMD Instinct MI250X, 1638, 191.5",
    "AMD Instinct MI210, 1638, 181",
    "AMD Instinct MI300X, 5300, 1307",
    "AMD Instinct MI325X, 6000, 1307",
    "Radeon RX 7900 XTX, 960, 122.8",
    "Radeon RX 7900 XT, 800, 103",
    "Navi 31 [Radeon RX 7900 XT/7900 XTX/7900M], 576, 91.9",
    "Apple M1, 68, 2.6",
    "Apple M2 Ultra, 800, 27.2",
    "Apple M3 Pro, 150, 6.4",
    "Apple M4 Pro, 273, 7.5"
  })
  void knows(String name, double gigabytes, double teraflops) {
    GpuSheet.Row row = Objects.requireNonNull(sheet.find(name), name);
    assertThat(row.bytesPerSecond()).isEqualTo(gigabytes * 1e9);
    assertThat(row.flops()).isEqualTo(teraflops * 1e12);
  }

  @ParameterizedTest
  @CsvSource({
    "NVIDIA GeForce MX450",
    "NVIDIA RTX A5000 Laptop GPU",
    "NVIDIA GeForce RTX 2070 with Max-Q Design",
    "Raphael",
    "Intel(R) Arc(TM) A770 Graphics"
  })
  void doesNotGuess(String name) {
    assertThat(sheet.find(name)).isNull();
  }

  @Test
  void saysOfEachRowWhereItIsFrom() throws IOException {
    List<String[]> rows =
        Files.readAllLines(Path.of("src/main/resources/hardware/gpus.csv")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split(";", -1))
            .toList();
    assertThat(rows)
        .hasSizeGreaterThan(120)
        .allSatisfy(row -> {
          assertThat(row[4]).isNotBlank();
          assertThat(Double.parseDouble(row[2])).as(row[0]).isBetween(50.0, 10_000.0);
          assertThat(row[3].strip().equals("-") ? 1 : Double.parseDouble(row[3]))
              .as(row[0])
              .isBetween(1.0, 3000.0);
        });
  }
}
