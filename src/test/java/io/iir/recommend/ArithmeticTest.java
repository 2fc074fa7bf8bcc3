package io.iir.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.hardware.Gpu;
import io.iir.hardware.Gpu.Vendor;
import io.iir.recommend.Quantization.Server;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArithmeticTest {

  private static Gpu nvidia(String name) {
    return Machines.gpu(Vendor.NVIDIA, name, 24, null, null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NVIDIA GeForce RTX 4090",
        "NVIDIA GeForce RTX 4060 Ti",
        "NVIDIA GeForce RTX 5080",
        "NVIDIA GeForce RTX 4070 Laptop GPU",
        "NVIDIA RTX 4000 Ada Generation",
        "NVIDIA RTX 6000 Ada Generation",
        "NVIDIA RTX PRO 6000 Blackwell Workstation Edition",
        "NVIDIA L4",
        "NVIDIA L40S",
        "NVIDIA H100 80GB HBM3",
        "NVIDIA H100 80GB HBM3 MIG 3g.40gb",
        "NVIDIA GH200 480GB",
        "NVIDIA B200",
        "NVIDIA GB10"
      })
  void adaHopperAndBlackwellComputeWithBoth(String name) {
    assertThat(Arithmetic.runs(nvidia(name), Quantization.FP8)).isTrue();
    assertThat(Arithmetic.runs(nvidia(name), Quantization.BF16)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NVIDIA A100-SXM4-80GB",
        "NVIDIA A100 80GB PCIe",
        "NVIDIA A10",
        "NVIDIA A10G",
        "NVIDIA A30",
        "NVIDIA A40",
        "NVIDIA RTX A2000 12GB",
        "NVIDIA RTX A3000 Laptop GPU",
        "NVIDIA RTX A6000",
        "NVIDIA GeForce RTX 3060",
        "NVIDIA GeForce RTX 3090 Ti"
      })
  void ampereComputesWithSixteenBits(String name) {
    assertThat(Arithmetic.runs(nvidia(name), Quantization.FP8)).isFalse();
    assertThat(Arithmetic.runs(nvidia(name), Quantization.BF16)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Quadro RTX 3000",
        "Quadro RTX 4000",
        "Quadro RTX 5000",
        "NVIDIA Quadro RTX 6000",
        "NVIDIA GeForce RTX 2080 Ti",
        "NVIDIA GeForce GTX 1080",
        "NVIDIA TITAN RTX",
        "Tesla T4",
        "Tesla V100-SXM2-16GB",
        "Tesla P40",
        "NVIDIA Something"
      })
  void olderAndUnknownOnesAreLeftToLlamaCpp(String name) {
    assertThat(Arithmetic.runs(nvidia(name), Quantization.FP8)).isFalse();
    assertThat(Arithmetic.runs(nvidia(name), Quantization.BF16)).isFalse();
    assertThat(Arithmetic.runs(nvidia(name), Quantization.Q4_K_M)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AMD Instinct MI210",
        "AMD Instinct MI300X",
        "AMD Radeon RX 7900 XTX",
        "Navi 48 [Radeon RX 9070 XT]",
        "AMD Radeon Pro W7900"
      })
  void someByAmdComputeWithSixteenBits(String name) {
    assertThat(Arithmetic.runs(amd(name), Quantization.BF16)).isTrue();
    assertThat(Arithmetic.runs(amd(name), Quantization.FP8)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"AMD Instinct MI50", "AMD Radeon RX 6900 XT", "AMD Radeon Graphics"})
  void othersByAmdDoNot(String name) {
    assertThat(Arithmetic.runs(amd(name), Quantization.BF16)).isFalse();
  }

  private static Gpu amd(String name) {
    return Machines.gpu(Vendor.AMD, name, 24, null, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NVIDIA RTX A3000 Laptop GPU", "NVIDIA GeForce RTX 3090"})
  void theirMemoryIsNotStacked(String name) {
    assertThat(Processor.of(nvidia(name), Server.LLAMA_CPP).reached()).isEqualTo(0.92);
    assertThat(Processor.of(nvidia("NVIDIA A30"), Server.LLAMA_CPP).reached()).isEqualTo(0.58);
  }
}
