package io.iir.provider;

import io.iir.config.Capability;
import io.iir.config.ModelSettings;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Models of two hosted providers and a local one for tests of choosing, with a clock that the test
 * sets.
 */
final class Catalogue {

  private static final Provider CLOUD = ProviderDirectoryTest.vendor("openai");
  private static final Provider OTHER = ProviderDirectoryTest.vendor("groq");
  private static final Provider NEAR = Provider.openai("vllm", URI.create("http://10.0.0.7/v1"));

  long nanos = 1;
  final ModelTraffic traffic = new ModelTraffic(() -> nanos);
  final ProviderDirectory directory;

  Catalogue() {
    List<ModelSettings> models =
        List.of(
            model("openai/big", 128_000, 2.5, 10, 0.9, "chat tools images json"),
            model("openai/mini", 128_000, 0.15, 0.6, 0.7, "chat tools json"),
            model("groq/quick", 8192, 0.05, 0.08, 0.5, "chat"),
            new ModelSettings(
                "vllm/qwen", null, 32_768, null, null, 0.6, List.of(Capability.TOOLS)),
            new ModelSettings("vllm/tiny", null, 2048, null, null, null, null));
    directory =
        new ProviderDirectory(
            List.of(CLOUD, OTHER, NEAR, Provider.sim("sim")), List.of(), Map.of(), models, traffic);
    ProviderDirectoryTest.lists(directory, CLOUD, "big", "mini", "odd");
    ProviderDirectoryTest.lists(directory, OTHER, "quick");
    ProviderDirectoryTest.lists(directory, NEAR, "qwen", "tiny");
  }

  /** An entry of {@code iir.models}; {@code max-output} is a quarter of the context. */
  private static ModelSettings model(
      String id, int context, double input, double output, double quality, String can) {
    return new ModelSettings(
        id,
        null,
        context,
        context / 4,
        new ModelSettings.Price(BigDecimal.valueOf(input), BigDecimal.valueOf(output)),
        quality,
        Stream.of(can.split(" ", -1))
            .map(word -> Capability.valueOf(word.toUpperCase(Locale.ROOT)))
            .toList());
  }

  Candidate candidate(String id) {
    Candidate model = directory.candidate(ModelName.parse(id, List::of));
    if (model == null) {
      throw new AssertionError(id + " is not on offer");
    }
    return model;
  }

  /** What is chosen, ids joined by spaces, without their providers. */
  String choose(String text, Needs needs) {
    return String.join(
        " ",
        TargetList.parse(text).choose(directory, needs).stream()
            .map(model -> model.name().model())
            .toList());
  }

  Explanation explain(String text, Needs needs) {
    return TargetList.parse(text).explain(directory, needs);
  }

  /**
   * A stream of 101 tokens begun and ended, if the model may be called: its first token after
   * {@code first} seconds.
   */
  void stream(String id, double first, double rest) {
    ModelCall call = traffic.tryBegin(candidate(id), 0);
    if (call == null) {
      return;
    }
    long start = nanos;
    nanos += (long) (first * 1e9);
    long firstToken = nanos;
    nanos += (long) (rest * 1e9);
    call.streamed(firstToken, nanos, 101);
    nanos = start;
  }

  /** So many calls fail, of those that may be made. */
  void fails(String id, int times) {
    for (int i = 0; i < times; i++) {
      ModelCall call = traffic.tryBegin(candidate(id), 0);
      if (call != null) {
        call.failed();
      }
    }
  }
}
