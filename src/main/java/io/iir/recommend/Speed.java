package io.iir.recommend;

import io.iir.catalog.OpenWeights;
import org.jspecify.annotations.Nullable;

/**
 * How fast a model answers one request.
 *
 * <p>A token of the answer waits for the weights that it passes through and for the keys and values
 * before it to be read from memory: {@code bytes / (bandwidth × share reached)}, and for each layer
 * to be started (<a href="https://arxiv.org/abs/2211.05102">Pope et al. 2022</a>; <a
 * href="https://kipp.ly/transformer-inference-arithmetic/">kipply 2022</a>; <a
 * href="https://github.com/ggml-org/llama.cpp/discussions/4167">llama.cpp #4167</a>). A mixture of
 * experts reads only the experts that it picks, and starts {@value #ROUTED} times as much in a
 * layer. A prompt is bound by computing: two operations a weight and token (<a
 * href="https://arxiv.org/abs/2001.08361">Kaplan et al. 2020</a>), of which a mixture of experts
 * reaches half, because each expert sees few tokens.
 */
final class Speed {

  static final double ROUTED = 2.5;

  private Speed() {}

  /** Seconds for a token of the answer, of a model that is on {@code processor} alone. */
  static double secondsPerToken(OpenWeights model, Footprint footprint, Processor processor) {
    double reading = footprint.perToken() / (processor.bytesPerSecond() * processor.reached());
    Double flops = processor.flops();
    double computing = flops == null ? 0 : 2.0 * model.activeParameters() / flops;
    return Math.max(reading, computing) + starting(model, processor);
  }

  private static double starting(OpenWeights model, Processor processor) {
    return model.layers() * processor.layerSeconds() * (isRouted(model) ? ROUTED : 1);
  }

  /** Seconds for a token of the prompt; null: unknown. */
  static @Nullable Double secondsPerPromptToken(OpenWeights model, Processor processor) {
    Double flops = processor.flops();
    return flops == null
        ? null
        : 2.0
            * model.activeParameters()
            / (flops * processor.computed() * (isRouted(model) ? 0.5 : 1));
  }

  private static boolean isRouted(OpenWeights model) {
    return model.activeParameters() < model.parameters();
  }
}
