package io.iir.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.catalog.CatalogModel;
import io.iir.catalog.Catalogue;
import io.iir.catalog.OpenWeights;
import io.iir.hardware.Gpu;
import io.iir.hardware.Gpu.Vendor;
import io.iir.hardware.Hardware;
import io.iir.hardware.Memory;
import io.iir.recommend.Recommendation.Placement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecommendationsTest {

  private static final List<CatalogModel> MODELS = Catalogue.shipped().models();
  private static final int CONTEXT = 8192;

  static List<Hardware> machines() {
    return List.copyOf(Machines.four().values());
  }

  private static List<Recommendation> of(Hardware hardware) {
    return Recommendations.of(hardware, MODELS, CONTEXT);
  }

  private static Recommendation one(Hardware hardware, String model) {
    return of(hardware).stream()
        .filter(each -> each.model().equals(model))
        .findFirst()
        .orElseThrow();
  }

  private static OpenWeights weights(String id) {
    return Objects.requireNonNull(
        MODELS.stream().filter(model -> model.id().equals(id)).findFirst().orElseThrow().weights());
  }

  @Test
  void keysAndValuesTakeWhatTheFormulaSays() {
    Footprint llama = Footprint.of(weights("llama-3.1-8b-instruct"), Quantization.Q8_0, 8192);
    assertThat(llama.keysAndValues()).as("1 GiB").isEqualTo(1L << 30);
    assertThat(llama.read()).isEqualTo(1L << 29);
    assertThat(llama.weights()).isEqualTo(8.03e9 * 8.5 / 8);
    Footprint oss = Footprint.of(weights("gpt-oss-20b"), Quantization.MXFP4, 8192);
    assertThat(oss.keysAndValues())
        .as("half of the layers keep 128 tokens")
        .isEqualTo(2.0 * 8 * 64 * 2 * (12 * 8192 + 12 * 128));
    Footprint latent = Footprint.of(weights("deepseek-v3"), Quantization.Q4_K_M, 1000);
    assertThat(latent.keysAndValues()).isEqualTo(576.0 * 61 * 1000 * 2);
  }

  @ParameterizedTest
  @MethodSource("machines")
  void whatIsRecommendedFitsAndIsInOrder(Hardware hardware) {
    List<Recommendation> all = of(hardware);
    assertThat(all).hasSizeGreaterThan(5);
    double gpus = hardware.gpus().stream().mapToDouble(Gpu::totalBytes).sum();
    double memory = hardware.memory().usableBytes();
    assertThat(all)
        .allSatisfy(each -> {
          double room =
              switch (each.placement()) {
                case GPU -> gpus;
                case CPU -> memory - 2.0 * Machines.GIB;
                case SPLIT -> gpus + memory - 2.0 * Machines.GIB;
              };
          assertThat(each.bytes()).as("%s", each).isBetween(1L, (long) room);
          assertThat(each.decodeTokensPerSecond()).as("%s", each).isGreaterThanOrEqualTo(1);
          assertThat(each.score()).as("%s", each).isBetween(0.0, 1.0);
          assertThat(each.context()).isBetween(4096, CONTEXT);
          assertThat(each.notes()).isNotEmpty();
          assertThat(each.commands().values())
              .as("%s", each)
              .isNotEmpty()
              .noneMatch(line -> line.contains("null"));
        });
    assertThat(all)
        .isSortedAccordingTo(Comparator.comparingDouble((Recommendation one) -> -one.score()));
    assertThat(all).extracting(Recommendation::model).doesNotHaveDuplicates();
  }

  @Test
  void aBiggerMachineIsNeverWorse() {
    List<Hardware> machines = machines();
    for (int i = 1; i < machines.size(); i++) {
      List<Recommendation> smaller = of(machines.get(i - 1));
      List<Recommendation> bigger = of(machines.get(i));
      assertThat(bigger.getFirst().score()).isGreaterThanOrEqualTo(smaller.getFirst().score());
      assertThat(best(bigger)).isGreaterThanOrEqualTo(best(smaller));
      assertThat(bigger)
          .extracting(Recommendation::model)
          .containsAll(smaller.stream().map(Recommendation::model).toList());
    }
  }

  private static double best(List<Recommendation> all) {
    return all.stream()
        .map(Recommendation::quality)
        .filter(Objects::nonNull)
        .mapToDouble(Double::doubleValue)
        .max()
        .orElseThrow();
  }

  @Test
  void aLaptopRunsSmallModelsInMainMemory() {
    List<Recommendation> all = of(Machines.LAPTOP);
    assertThat(all).extracting(Recommendation::placement).containsOnly(Placement.CPU);
    assertThat(all)
        .extracting(Recommendation::model)
        .contains("smollm2-135m-instruct", "qwen3-4b", "llama-3.2-3b-instruct")
        .doesNotContain("qwen3-14b", "gpt-oss-20b", "llama-3.3-70b-instruct");
    assertThat(one(Machines.LAPTOP, "llama-3.2-3b-instruct").commands().get("llama.cpp"))
        .startsWith("llama-server -hf bartowski/Llama-3.2-3B-Instruct-GGUF:Q")
        .contains("-c 8192", "-ngl 0");
  }

  @Test
  void aGpuRunsWhatFitsItAndSplitsWhatDoesNot() {
    Recommendation oss = one(Machines.ONE_4090, "gpt-oss-20b");
    assertThat(oss.placement()).isEqualTo(Placement.GPU);
    assertThat(oss.quantization()).isEqualTo("MXFP4");
    assertThat(oss.commands().get("ollama")).isEqualTo("ollama run gpt-oss:20b");
    assertThat(oss.commands().get("llama.cpp"))
        .isEqualTo(
            "llama-server -hf ggml-org/gpt-oss-20b-GGUF -c 8192 -ngl 99 --jinja --port 8080");
    Recommendation llama = one(Machines.ONE_4090, "llama-3.3-70b-instruct");
    assertThat(llama.placement()).isEqualTo(Placement.SPLIT);
    assertThat(llama.commands().get("llama.cpp")).containsPattern("-ngl [3-6]\\d ");
    assertThat(llama.commands()).doesNotContainKey("vllm");
  }

  @Test
  void severalGpusShareWhatOneCannotHold() {
    Recommendation glm = one(Machines.TWO_H100, "glm-4.5-air");
    assertThat(glm.placement()).isEqualTo(Placement.GPU);
    assertThat(glm.commands().get("vllm"))
        .startsWith("vllm serve zai-org/GLM-4.5-Air --max-model-len 8192")
        .contains("--tensor-parallel-size 2");
    assertThat(glm.notes()).contains("Needs 2 GPUs.");
  }

  @Test
  void oneGpuIsTakenWhereItSuffices() {
    assertThat(of(Machines.TWO_H100))
        .filteredOn(each -> each.bytes() < 70e9 && each.commands().containsKey("vllm"))
        .isNotEmpty()
        .allSatisfy(each -> {
          assertThat(each.notes()).doesNotContain("Needs 2 GPUs.");
          assertThat(each.commands().get("vllm")).doesNotContain("--tensor-parallel-size");
        });
  }

  @Test
  void vllmSharesLayersOnlyWhereHeadsDivide() {
    Hardware eight =
        Machines.machine(
            Machines.TWO_H100.cpu(),
            Machines.TWO_H100.memory(),
            Collections.nCopies(8, Machines.gpu(Vendor.NVIDIA, "NVIDIA L4", 24, 300e9, 121e12)));
    assertThat(of(eight))
        .filteredOn(each -> each.commands().getOrDefault("vllm", "").contains("parallel"))
        .isNotEmpty()
        .allSatisfy(each -> {
          String line = Objects.requireNonNull(each.commands().get("vllm"));
          int gpus = Integer.parseInt(line.replaceFirst(".*parallel-size (\\d+).*", "$1"));
          assertThat(weights(each.model()).kvHeads() % gpus).as("%s", each).isZero();
        });
    Machine machine = Machine.of(eight);
    assertThat(machine.fits(weights("glm-4-32b-0414"), Quantization.BF16, CONTEXT))
        .as("two heads, and room on four")
        .isEmpty();
  }

  @Test
  void latentAttentionIsCopiedToEachGpu() {
    Hardware eight =
        Machines.machine(
            Machines.TWO_H100.cpu(),
            Machines.TWO_H100.memory(),
            Collections.nCopies(8, Machines.gpu(Vendor.NVIDIA, "NVIDIA H200", 141, 4.8e12, 1e15)));
    OpenWeights deepseek = weights("deepseek-v3");
    Footprint once = Footprint.of(deepseek, Quantization.FP8, CONTEXT);
    assertThat(Machine.of(eight).fits(deepseek, Quantization.FP8, CONTEXT))
        .singleElement()
        .satisfies(fit -> {
          assertThat(fit.gpus()).isEqualTo(8);
          assertThat(fit.bytes()).isEqualTo(once.total(8) + 7 * once.keysAndValues());
        });
  }

  @Test
  void vllmIsNamedOnlyWhereItHasRoom() {
    Gpu tight = Machines.gpu(Vendor.NVIDIA, "NVIDIA GeForce RTX 4080", 13, 717e9, 195e12);
    Hardware machine =
        Machines.machine(Machines.ONE_4090.cpu(), Machines.memory(64, 65e9), List.of(tight));
    assertThat(one(machine, "gpt-oss-20b").placement()).isEqualTo(Placement.GPU);
    assertThat(one(machine, "gpt-oss-20b").commands()).containsOnlyKeys("llama.cpp", "ollama");
    assertThat(one(Machines.ONE_4090, "gpt-oss-20b").commands()).containsKey("vllm");
  }

  @Test
  void whatNothingStartsIsNotRecommended() {
    Hardware mac =
        Machines.machine(
            Machines.cpu("M3 Ultra", 32, List.of("neon")),
            Machines.memory(512, 600e9),
            List.of(Machines.gpu(Vendor.APPLE, "Apple M3 Ultra", 384, 819e9, 28.4e12)));
    Recommendation mixtral = one(mac, "mixtral-8x22b-instruct-v0.1");
    assertThat(mixtral.quantization()).as("as Ollama's library keeps it").isEqualTo("Q4_K_M");
    assertThat(mixtral.commands()).containsOnlyKeys("ollama");
    assertThat(one(mac, "llama-3.1-405b-instruct").commands()).containsOnlyKeys("ollama");
  }

  @Test
  void allLayersOfADeepModelLieOnTheGpu() {
    OpenWeights deep =
        new OpenWeights(1_000_000, 1_000_000, 126, 126, 8, 128, null, "a/b", "a/b-GGUF", null);
    Machine machine = Machine.of(Machines.ONE_4090);
    Fit fit = machine.fits(deep, Quantization.Q4_K_M, CONTEXT).getFirst();
    assertThat(Commands.of(deep, fit, CONTEXT, machine).get("llama.cpp")).contains("-ngl 127 ");
  }

  @Test
  void gpusOfAnotherKindAreLeftOut() {
    Gpu small = Machines.gpu(Vendor.NVIDIA, "NVIDIA T400", 2, 80e9, 1e12);
    Hardware mixed =
        Machines.machine(
            Machines.ONE_4090.cpu(), Machines.ONE_4090.memory(), List.of(small, Machines.RTX_4090));
    assertThat(of(mixed)).isEqualTo(of(Machines.ONE_4090));
  }

  @Test
  void appleSharesItsMemory() {
    Gpu m2 = Machines.gpu(Vendor.APPLE, "Apple M2 Ultra", 192, 800e9, 27.2e12);
    Hardware mac =
        Machines.machine(
            Machines.cpu("M2 Ultra", 24, List.of("neon")),
            Machines.memory(192, 600e9),
            List.of(m2));
    assertThat(of(mac))
        .allSatisfy(each -> {
          assertThat(each.placement()).isNotEqualTo(Placement.SPLIT);
          assertThat(each.commands()).doesNotContainKey("vllm");
        });
    assertThat(one(mac, "gpt-oss-120b").placement()).isEqualTo(Placement.GPU);
  }

  @Test
  void aContainerHasWhatItsLimitLeaves() {
    Memory limited = new Memory(64 * Machines.GIB, 64 * Machines.GIB, Machines.GIB, 0L, 35e9);
    Hardware container = Machines.machine(Machines.LAPTOP.cpu(), limited, List.of());
    assertThat(of(container))
        .extracting(Recommendation::model)
        .contains("smollm2-135m-instruct")
        .doesNotContain("qwen3-1.7b", "qwen2.5-1.5b-instruct");
  }

  @Test
  void whatIsNotKnownOfAMachineIsAssumedToBeSlowAndSaid() {
    Hardware unknown = Machines.machine(Machines.LAPTOP.cpu(), Machines.memory(8, null), List.of());
    Recommendation tiny = one(unknown, "smollm2-135m-instruct");
    assertThat(tiny.decodeTokensPerSecond())
        .isLessThan(one(Machines.LAPTOP, "smollm2-135m-instruct").decodeTokensPerSecond());
    assertThat(tiny.notes())
        .contains("How fast the memory is read is not known: the speed assumes a slow one.")
        .contains("Its quality is not known: it is ranked as if it were low.");
    Gpu nameless = Machines.gpu(Vendor.NVIDIA, "NVIDIA Something", 24, null, null);
    Hardware odd =
        Machines.machine(Machines.LAPTOP.cpu(), Machines.memory(32, 35e9), List.of(nameless));
    assertThat(one(odd, "qwen3-8b").prefillTokensPerSecond()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 8192, 32768, 131_072})
  void moreContextTakesMoreRoomAndIsCutToTheModels(int context) {
    List<Recommendation> all = Recommendations.of(Machines.TWO_H100, MODELS, context);
    assertThat(all)
        .allSatisfy(each -> {
          CatalogModel model =
              MODELS.stream()
                  .filter(one -> one.id().equals(each.model()))
                  .findFirst()
                  .orElseThrow();
          assertThat(each.context())
              .isEqualTo(Math.min(context, Objects.requireNonNull(model.facts().context())));
        });
  }

  @Test
  void nothingIsRecommendedForNothing() {
    assertThat(Recommendations.of(Machines.LAPTOP, List.of(), CONTEXT)).isEmpty();
    Hardware none =
        Machines.machine(
            Machines.LAPTOP.cpu(), new Memory(Machines.GIB / 4, 0, null, null, null), List.of());
    assertThat(of(none)).isEmpty();
  }

  @Test
  void writesTheTables() throws IOException {
    List<String> text = new ArrayList<>();
    Machines.four()
        .forEach((name, hardware) -> {
          text.add("### " + name + "\n");
          text.add(
              "| model | kept as | where | GB | tokens/s | prompt tokens/s | quality | score |");
          text.add("|---|---|---|---|---|---|---|---|");
          of(hardware).stream()
              .limit(8)
              .forEach(each ->
                  text.add(
                      String.format(
                          Locale.ROOT,
                          "| `%s` | %s | %s | %.1f | %.0f | %.0f | %s | %.3f |",
                          each.model(),
                          each.quantization(),
                          each.placement().name().toLowerCase(Locale.ROOT),
                          each.bytes() / 1e9,
                          each.decodeTokensPerSecond(),
                          each.prefillTokensPerSecond(),
                          each.quality(),
                          each.score())));
          text.add("");
        });
    Path file = Path.of("target", "recommendations.md");
    Files.write(file, text);
    assertThat(file).content().contains("### Laptop", "### Server: 2 × H100");
  }
}
