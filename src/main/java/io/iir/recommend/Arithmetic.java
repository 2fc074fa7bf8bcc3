package io.iir.recommend;

import io.iir.hardware.Gpu;
import java.util.regex.Pattern;

/**
 * Which numbers GPUs compute with, by their names: only those that are known to count. Stateless.
 *
 * @see <a href="https://developer.nvidia.com/cuda-gpus">Compute capability of NVIDIA's GPUs</a>
 * @see <a href="https://docs.vllm.ai/en/latest/getting_started/installation/gpu.html">What vLLM
 *     runs on</a>
 */
final class Arithmetic {

  /** FP8: Ada, Hopper and what came after. Turing's "Quadro RTX 4000" is none of them. */
  private static final Pattern EIGHT_BITS =
      Pattern.compile(
          "\\b(H20|H[128]00|GH200|B[123]00|GB[23]00|GB10|L2|L4|L20|L40S?|Ada|RTX PRO|Thor)\\b"
              + "|\\bRTX [45]0[5-9]0(?!\\d)");

  /** BF16 besides: Ampere. */
  private static final Pattern SIXTEEN_BITS =
      Pattern.compile(
          "\\b(A100|A800|A10G?|A16|A2|A30|A40|Orin)(?!\\d)|\\bRTX (A\\d{3,4}|30[5-9]0)(?!\\d)");

  /** BF16 of AMD's that vLLM runs on: CDNA 2, RDNA 3 with much memory, and what came after. */
  private static final Pattern AMD =
      Pattern.compile("\\bMI(2[15]0|3\\d\\d)|\\bRX (79|90)\\d\\d|\\b(W7[89]00|R9700)\\b");

  private Arithmetic() {}

  /** Whether {@code gpu} computes with weights that are kept as {@code quantization} says. */
  static boolean runs(Gpu gpu, Quantization quantization) {
    boolean eight = gpu.vendor() == Gpu.Vendor.NVIDIA && EIGHT_BITS.matcher(gpu.name()).find();
    return switch (quantization) {
      case FP8 -> eight;
      case BF16 ->
          switch (gpu.vendor()) {
            case NVIDIA -> eight || SIXTEEN_BITS.matcher(gpu.name()).find();
            case AMD -> AMD.matcher(gpu.name()).find();
            case APPLE -> false;
          };
      default -> true;
    };
  }
}
