package io.iir.recommend;

import io.iir.catalog.OpenWeights;
import io.iir.recommend.Recommendation.Placement;
import org.jspecify.annotations.Nullable;

/**
 * One way to keep a model on a machine.
 *
 * @param quantization how its weights are kept
 * @param placement where
 * @param gpus how many GPUs it takes
 * @param layersOnGpu how many layers lie there
 * @param bytes what it takes in all
 * @param leaves bytes that are left where it lies
 * @param secondsPerToken for a token of the answer
 * @param secondsPerPromptToken for a token of the prompt; null: unknown
 * @param assumed whether the speed of a memory is only assumed
 */
record Fit(
    Quantization quantization,
    Placement placement,
    int gpus,
    int layersOnGpu,
    double bytes,
    double leaves,
    double secondsPerToken,
    @Nullable Double secondsPerPromptToken,
    boolean assumed) {

  /**
   * The speed at which an answer is worth half of one that is there at once, in tokens a second.
   */
  private static final double HALF = 4;

  /** What a model is ranked as if it were worth whose quality is not known. */
  private static final double UNKNOWN = 0.15;

  double tokensPerSecond() {
    return 1 / secondsPerToken;
  }

  /**
   * How far it is from what one would want, before speed and quality are weighed: 0 is on GPUs and
   * Q4_K_M or better, 1 lacks one of both, 2 both. One with more is taken only where none has
   * fewer.
   */
  int compromises() {
    return (placement == Placement.GPU ? 0 : 1) + (quantization == Quantization.Q3_K_M ? 1 : 0);
  }

  /** Whether it is the better way to keep a model of {@code quality}. */
  boolean isBetterThan(Fit other, @Nullable Double quality) {
    return compromises() == other.compromises()
        ? score(quality) > other.score(quality)
        : compromises() < other.compromises();
  }

  /** {@code quality × speed / (speed + 4)}, by the quality that the quantization leaves. */
  double score(@Nullable Double quality) {
    double speed = tokensPerSecond();
    return quantization.left(quality == null ? UNKNOWN : quality) * speed / (speed + HALF);
  }

  /** All of it on {@code gpus} GPUs that pass tokens on, or share each layer if they are many. */
  static Fit onGpus(
      OpenWeights model,
      Quantization quantization,
      Footprint footprint,
      int gpus,
      double room,
      Processor each) {
    boolean shared = quantization.server() == Quantization.Server.VLLM;
    double faster = shared && gpus > 1 ? gpus * Machine.SHARING : 1;
    Double prompt = Speed.secondsPerPromptToken(model, each);
    return new Fit(
        quantization,
        Placement.GPU,
        gpus,
        model.layers(),
        footprint.total(gpus),
        room - footprint.total(gpus),
        Speed.secondsPerToken(model, footprint, each) / faster,
        prompt == null ? null : prompt / faster,
        each.assumed());
  }

  /** {@code onGpu} of it on GPUs and the rest in main memory: each token passes both. */
  static Fit split(
      OpenWeights model,
      Quantization quantization,
      Footprint footprint,
      int gpus,
      int layersOnGpu,
      double leaves,
      Processor gpu,
      Processor cpu) {
    double onGpu = (double) layersOnGpu / model.layers();
    Double fast = Speed.secondsPerPromptToken(model, gpu);
    Double slow = Speed.secondsPerPromptToken(model, cpu);
    return new Fit(
        quantization,
        Placement.SPLIT,
        gpus,
        layersOnGpu,
        footprint.total(gpus),
        leaves,
        onGpu * Speed.secondsPerToken(model, footprint, gpu)
            + (1 - onGpu) * Speed.secondsPerToken(model, footprint, cpu),
        fast == null || slow == null ? null : onGpu * fast + (1 - onGpu) * slow,
        gpu.assumed() || cpu.assumed());
  }

  /** All of it in main memory. */
  static Fit inMemory(
      OpenWeights model,
      Quantization quantization,
      Footprint footprint,
      double room,
      Processor cpu) {
    return new Fit(
        quantization,
        Placement.CPU,
        0,
        0,
        footprint.total(0),
        room - footprint.total(0),
        Speed.secondsPerToken(model, footprint, cpu),
        Speed.secondsPerPromptToken(model, cpu),
        cpu.assumed());
  }
}
