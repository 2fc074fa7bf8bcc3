package io.iir.recommend;

import io.iir.catalog.OpenWeights;

/**
 * How many bytes a model takes, and how many it reads for a token.
 *
 * <p>Keys and values take {@code 2 × layers × kv heads × head dimension × tokens × 2 bytes} (<a
 * href="https://arxiv.org/abs/2211.05102">Pope et al. 2022</a>, <a
 * href="https://kipp.ly/transformer-inference-arithmetic/">kipply 2022</a>); a layer with a sliding
 * window keeps that many tokens at most. What a server needs besides is a context of the driver and
 * buffers for a batch of 512 tokens: half a GiB for each GPU, 0.3 GiB, and a hundredth of the
 * weights: an allowance of ours.
 *
 * @param weights bytes of all weights
 * @param active bytes of those that one token passes through
 * @param keysAndValues bytes of keys and values of a full context
 * @param read bytes of keys and values that one token reads when the context is half full
 */
record Footprint(double weights, double active, double keysAndValues, double read) {

  private static final double GIB = 1L << 30;
  private static final double BUFFERS = 0.3 * GIB;
  private static final double DRIVER = 0.5 * GIB;
  private static final int BYTES = 2;

  /** That of {@code model}, kept as {@code quantization} says, with room for {@code context}. */
  static Footprint of(OpenWeights model, Quantization quantization, int context) {
    double all = quantization.bytes((double) model.parameters());
    return new Footprint(
        all,
        all * model.activeParameters() / model.parameters(),
        keysAndValues(model, context),
        keysAndValues(model, context / 2));
  }

  /** As it is where each of {@code gpus} GPUs keeps all keys and values. */
  Footprint copied(int gpus) {
    return new Footprint(weights, active, gpus * keysAndValues, read);
  }

  private static double keysAndValues(OpenWeights model, int tokens) {
    Integer window = model.slidingWindow();
    double kept = (double) model.attentionLayers() * tokens;
    if (window != null) {
      kept += (double) (model.layers() - model.attentionLayers()) * Math.min(tokens, window);
    }
    return 2.0 * model.kvHeads() * model.headDimension() * BYTES * kept;
  }

  /** Bytes that a server needs besides, on {@code gpus} GPUs; none: in main memory. */
  double besides(int gpus) {
    return BUFFERS + gpus * DRIVER + weights / 100;
  }

  /** All of it. */
  double total(int gpus) {
    return weights + keysAndValues + besides(gpus);
  }

  /** Bytes that one token reads. */
  double perToken() {
    return active + read;
  }
}
