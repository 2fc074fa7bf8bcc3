package io.iir.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.catalog.OpenWeights;
import io.iir.hardware.Gpu.Vendor;
import io.iir.recommend.Quantization.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Estimates against published measurements of one request at a time. The shares and delays in
 * {@link Processor} are few and were fitted by hand to these and such figures, so the errors say
 * how well so simple a formula can describe them, and not how it does on machines never seen.
 */
class SpeedTest {

  private static final double LARGEST = 0.5;
  private static final double MEDIAN = 0.10;
  private static final double LARGEST_OF_PROMPTS = 0.4;
  private static final double MEDIAN_OF_PROMPTS = 0.2;

  private static final String APPLE = "https://github.com/ggml-org/llama.cpp/discussions/4167";
  private static final String XIONGJIE =
      "https://github.com/XiongjieDai/GPU-Benchmarks-on-LLM-Inference";

  private static final OpenWeights LLAMA_7B = model(6.74, 6.74, 32);
  private static final OpenWeights LLAMA_8B = model(8.03, 8.03, 32);
  private static final OpenWeights LLAMA_70B = model(70.55, 70.55, 80);
  private static final OpenWeights PHI_4 = model(14.66, 14.66, 40);
  private static final OpenWeights MIXTRAL = model(46.7, 12.88, 32);
  private static final OpenWeights GPT_OSS_20B = model(20.91, 3.61, 24);

  private static final Processor M1 = apple(68.25, 2.6);
  private static final Processor M1_PRO = apple(200, 5.2);
  private static final Processor M1_MAX = apple(400, 10.4);
  private static final Processor M2_MAX = apple(400, 13.5);
  private static final Processor M3_MAX = apple(400, 14.2);
  private static final Processor M2_ULTRA = apple(800, 27.2);
  private static final Processor M1_ULTRA = apple(800, 21);
  private static final Processor RTX_3070 = nvidia("NVIDIA GeForce RTX 3070", 448, 81.3);
  private static final Processor RTX_3080 = nvidia("NVIDIA GeForce RTX 3080", 760, 119);
  private static final Processor RTX_3090 = nvidia("NVIDIA GeForce RTX 3090", 936, 142);
  private static final Processor RTX_4080 = nvidia("NVIDIA GeForce RTX 4080", 717, 195);
  private static final Processor RTX_4090 = nvidia("NVIDIA GeForce RTX 4090", 1008, 330.3);
  private static final Processor RTX_5090 = nvidia("NVIDIA GeForce RTX 5090", 1792, 419);
  private static final Processor A100 = nvidia("NVIDIA A100-SXM4-80GB", 2039, 312);
  private static final Processor H100_PCIE = nvidia("NVIDIA H100 PCIe", 2039, 756);
  private static final Processor A100_40_VLLM =
      Processor.of(
          Machines.gpu(Vendor.NVIDIA, "NVIDIA A100-SXM4-40GB", 40, 1555e9, 312e12), Server.VLLM);
  private static final Processor RX_7900_XT = amd("AMD Radeon RX 7900 XT", 800, 103);
  private static final Processor RX_7900_XTX = amd("AMD Radeon RX 7900 XTX", 960, 123);

  /** Of main memory, 0.8 of the data sheet's bandwidth is what copying it measures. */
  private static final Processor I9_13900K =
      Processor.of(
          Machines.cpu("i9-13900K", 24, List.of("avx2")), Machines.memory(64, 0.8 * 102.4e9));

  private static final Processor EPYC_9554 =
      Processor.of(
          Machines.cpu("EPYC 9554", 64, List.of("avx2", "avx512f")),
          Machines.memory(192, 0.8 * 460.8e9));

  /** Of one model file on one processor: tokens a second as published. */
  private record Measured(
      String what, OpenWeights model, double gib, Processor on, double published, String source) {

    double computed() {
      double bytes = gib * Machines.GIB;
      double active = bytes * model.activeParameters() / model.parameters();
      Footprint footprint = new Footprint(bytes, active, 0, 0);
      return 1 / Speed.secondsPerToken(model, footprint, on);
    }
  }

  private static final List<Measured> ANSWERS =
      List.of(
          new Measured("M1, Llama 7B Q4_0", LLAMA_7B, 3.56, M1, 14.15, APPLE),
          new Measured("M1 Pro, Llama 7B Q4_0", LLAMA_7B, 3.56, M1_PRO, 36.41, APPLE),
          new Measured("M1 Max, Llama 7B Q4_0", LLAMA_7B, 3.56, M1_MAX, 61.19, APPLE),
          new Measured("M1 Max, Llama 7B Q8_0", LLAMA_7B, 6.67, M1_MAX, 40.20, APPLE),
          new Measured("M1 Max, Llama 7B F16", LLAMA_7B, 12.55, M1_MAX, 23.03, APPLE),
          new Measured("M2 Ultra, Llama 7B Q4_0", LLAMA_7B, 3.56, M2_ULTRA, 94.27, APPLE),
          new Measured("M1 Max, Llama 3 8B Q4_K_M", LLAMA_8B, 4.58, M1_MAX, 35.73, XIONGJIE),
          new Measured("M3 Max, Llama 3 8B Q4_K_M", LLAMA_8B, 4.58, M3_MAX, 48.97, XIONGJIE),
          new Measured("M2 Ultra, Llama 3 8B Q4_K_M", LLAMA_8B, 4.58, M2_ULTRA, 78.81, XIONGJIE),
          new Measured("M2 Ultra, Llama 3 70B Q4_K_M", LLAMA_70B, 39.59, M2_ULTRA, 12.48, XIONGJIE),
          new Measured("M2 Ultra, Llama 3 70B F16", LLAMA_70B, 131.42, M2_ULTRA, 4.76, XIONGJIE),
          new Measured("RTX 3070, Llama 3 8B Q4_K_M", LLAMA_8B, 4.58, RTX_3070, 72.79, XIONGJIE),
          new Measured("RTX 3080, Llama 3 8B Q4_K_M", LLAMA_8B, 4.58, RTX_3080, 109.57, XIONGJIE),
          new Measured("RTX 4080, Llama 3 8B Q4_K_M", LLAMA_8B, 4.58, RTX_4080, 108.15, XIONGJIE),
          new Measured("RTX 3090, Llama 3 8B Q4_K_M", LLAMA_8B, 4.58, RTX_3090, 115.42, XIONGJIE),
          new Measured("RTX 3090, Llama 3 8B F16", LLAMA_8B, 14.96, RTX_3090, 47.40, XIONGJIE),
          new Measured("RTX 4090, Llama 3 8B Q4_K_M", LLAMA_8B, 4.58, RTX_4090, 130.58, XIONGJIE),
          new Measured("RTX 4090, Llama 3 8B F16", LLAMA_8B, 14.96, RTX_4090, 54.84, XIONGJIE),
          new Measured(
              "2 × RTX 3090, Llama 3 70B Q4_K_M", LLAMA_70B, 39.59, RTX_3090, 16.57, XIONGJIE),
          new Measured(
              "2 × RTX 4090, Llama 3 70B Q4_K_M", LLAMA_70B, 39.59, RTX_4090, 19.22, XIONGJIE),
          new Measured("A100 80 GB, Llama 2 7B Q4_0", LLAMA_7B, 3.56, A100, 136.24, XIONGJIE),
          new Measured("A100 80 GB, Llama 2 70B Q4_0", LLAMA_70B, 36.37, A100, 25.68, XIONGJIE),
          new Measured("H100 PCIe, Llama 2 7B F16", LLAMA_7B, 12.55, H100_PCIE, 83.32, XIONGJIE),
          new Measured("H100 PCIe, Llama 2 70B Q4_0", LLAMA_70B, 36.37, H100_PCIE, 25.88, XIONGJIE),
          new Measured(
              "A100 40 GB, Llama 3.1 8B BF16 on vLLM",
              LLAMA_8B,
              14.96,
              A100_40_VLLM,
              75,
              "https://johnmusgrave.com/p/vllm-throughput-latency-sweep-on"),
          new Measured(
              "RX 7900 XTX, Llama 8B Q4_K_M",
              LLAMA_8B,
              4.58,
              RX_7900_XTX,
              105.75,
              "https://github.com/ggml-org/llama.cpp/pull/26284"),
          new Measured(
              "RX 7900 XT, Mistral 7B Q8_0",
              model(7.24, 7.24, 32),
              7.17,
              RX_7900_XT,
              67.20,
              "https://github.com/ggml-org/llama.cpp/issues/4763"),
          new Measured(
              "RX 7900 XT, gpt-oss-20b",
              GPT_OSS_20B,
              11.27,
              RX_7900_XT,
              94,
              "https://github.com/ggml-org/llama.cpp/discussions/15396"),
          new Measured(
              "M1 Ultra, gpt-oss-20b",
              GPT_OSS_20B,
              11.27,
              M1_ULTRA,
              86,
              "https://github.com/ollama/ollama/issues/11688"),
          new Measured(
              "RTX 5090, gpt-oss-20b",
              GPT_OSS_20B,
              11.27,
              RTX_5090,
              221,
              "https://github.com/ollama/ollama/issues/11688"),
          new Measured(
              "M2 Max, Mixtral 8x7B Q4_K_M",
              MIXTRAL,
              24.62,
              M2_MAX,
              34.72,
              "https://github.com/ggml-org/llama.cpp/pull/4406"),
          new Measured(
              "M2 Max, Mixtral 8x7B Q8_0",
              MIXTRAL,
              46.22,
              M2_MAX,
              22.87,
              "https://github.com/ggml-org/llama.cpp/pull/4406"),
          new Measured(
              "i9-13900K, DDR5-6400, Llama 2 7B Q4_0",
              LLAMA_7B,
              3.56,
              I9_13900K,
              18.27,
              "https://github.com/ggml-org/llama.cpp/issues/34"),
          new Measured(
              "EPYC 9554, Phi-4 Q4_K_M",
              PHI_4,
              8.43,
              EPYC_9554,
              28.74,
              "https://ahelpme.com/?p=6685"),
          new Measured(
              "EPYC 9554, Phi-4 Q8_0",
              PHI_4,
              14.51,
              EPYC_9554,
              19.19,
              "https://ahelpme.com/?p=6685"));

  private static final List<Measured> PROMPTS =
      List.of(
          new Measured("M1 Max, Llama 3 8B Q4_K_M", LLAMA_8B, 0, M1_MAX, 408.23, XIONGJIE),
          new Measured("M2 Ultra, Llama 3 8B Q4_K_M", LLAMA_8B, 0, M2_ULTRA, 1023.89, XIONGJIE),
          new Measured("M2 Ultra, Llama 3 70B Q4_K_M", LLAMA_70B, 0, M2_ULTRA, 117.76, XIONGJIE),
          new Measured("M3 Max, Llama 3 8B Q4_K_M", LLAMA_8B, 0, M3_MAX, 678.04, XIONGJIE),
          new Measured("RTX 3090, Llama 3 8B Q4_K_M", LLAMA_8B, 0, RTX_3090, 3865.39, XIONGJIE),
          new Measured("RTX 4080, Llama 3 8B Q4_K_M", LLAMA_8B, 0, RTX_4080, 5064.99, XIONGJIE),
          new Measured("RTX 4090, Llama 3 8B Q4_K_M", LLAMA_8B, 0, RTX_4090, 6898.71, XIONGJIE),
          new Measured("A100 80 GB, Llama 2 7B Q4_0", LLAMA_7B, 0, A100, 3443.98, XIONGJIE),
          new Measured("H100 PCIe, Llama 2 7B Q4_0", LLAMA_7B, 0, H100_PCIE, 4868.59, XIONGJIE),
          new Measured(
              "RX 7900 XTX, Llama 8B Q4_K_M",
              LLAMA_8B,
              0,
              RX_7900_XTX,
              3189.36,
              "https://github.com/ggml-org/llama.cpp/pull/26284"));

  private static OpenWeights model(double billions, double active, int layers) {
    return new OpenWeights(
        (long) (billions * 1e9),
        (long) (active * 1e9),
        layers,
        layers,
        8,
        128,
        null,
        "a/b",
        null,
        null);
  }

  private static Processor apple(double gigabytes, double teraflops) {
    return processor(Vendor.APPLE, "Apple", gigabytes, teraflops);
  }

  private static Processor nvidia(String name, double gigabytes, double teraflops) {
    return processor(Vendor.NVIDIA, name, gigabytes, teraflops);
  }

  private static Processor amd(String name, double gigabytes, double teraflops) {
    return processor(Vendor.AMD, name, gigabytes, teraflops);
  }

  private static Processor processor(
      Vendor vendor, String name, double gigabytes, double teraflops) {
    return Processor.of(
        Machines.gpu(vendor, name, 24, gigabytes * 1e9, teraflops * 1e12), Server.LLAMA_CPP);
  }

  private static double perSecond(Measured one) {
    return 1 / Objects.requireNonNull(Speed.secondsPerPromptToken(one.model(), one.on()));
  }

  @Test
  void answersAreAsFastAsPublished() throws IOException {
    List<Double> errors = new ArrayList<>();
    List<String> table = new ArrayList<>();
    for (Measured one : ANSWERS) {
      row(table, errors, one, one.computed());
    }
    write("answers", table, errors);
    assertThat(ANSWERS).hasSizeGreaterThanOrEqualTo(30);
    assertThat(errors).as("%s", table).allSatisfy(error -> assertThat(error).isLessThan(LARGEST));
    assertThat(median(errors)).as("%s", table).isLessThan(MEDIAN);
  }

  @Test
  void promptsAreReadAsFastAsPublished() throws IOException {
    List<Double> errors = new ArrayList<>();
    List<String> table = new ArrayList<>();
    for (Measured one : PROMPTS) {
      row(table, errors, one, perSecond(one));
    }
    write("prompts", table, errors);
    assertThat(errors)
        .as("%s", table)
        .allSatisfy(error -> assertThat(error).isLessThan(LARGEST_OF_PROMPTS));
    assertThat(median(errors)).as("%s", table).isLessThan(MEDIAN_OF_PROMPTS);
  }

  private static void row(List<String> table, List<Double> errors, Measured one, double computed) {
    double error = computed / one.published() - 1;
    errors.add(Math.abs(error));
    table.add(
        String.format(
            Locale.ROOT,
            "| %s | %.1f | %.1f | %+.0f%% | [%s](%s) |",
            one.what(),
            one.published(),
            computed,
            100 * error,
            one.source().replaceFirst("https://(?:github.com/)?([^/]+(?:/[^/]+)?).*", "$1"),
            one.source()));
  }

  private static void write(String name, List<String> table, List<Double> errors)
      throws IOException {
    String text =
        "| what | published | computed | error | source |\n|---|---|---|---|---|\n"
            + String.join("\n", table)
            + String.format(
                Locale.ROOT,
                "%n%nMedian error %.0f%%, largest %.0f%%.%n",
                100 * median(errors),
                100 * errors.stream().mapToDouble(Double::doubleValue).max().orElse(0));
    Files.writeString(Path.of("target", "errors-" + name + ".md"), text);
  }

  private static double median(List<Double> errors) {
    List<Double> sorted = errors.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
