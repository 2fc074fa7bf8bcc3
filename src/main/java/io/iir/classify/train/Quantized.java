package io.iir.classify.train;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Weights as bytes: a byte b is the weight (b − 128) · step. The step is such that one weight of
 * 5,000 lies beyond the ends and is cut.
 */
final class Quantized {

  private static final int ZERO = 128;
  private static final int MOST = 127;
  private static final double CUT = 1 / 5_000.0;

  private final byte[] bytes;
  private final double step;

  private Quantized(byte[] bytes, double step) {
    this.bytes = bytes;
    this.step = step;
  }

  byte[] bytes() {
    return bytes;
  }

  /** What lies between two neighbours. */
  double step() {
    return step;
  }

  static Quantized of(float[] weights) {
    float[] sizes = new float[weights.length];
    int used = 0;
    for (float weight : weights) {
      if (weight != 0) {
        sizes[used++] = Math.abs(weight);
      }
    }
    Arrays.sort(sizes, 0, used);
    double largest = used == 0 ? 1 : sizes[(int) (used * (1 - CUT))];
    double step = largest / MOST;
    byte[] bytes = new byte[weights.length];
    for (int i = 0; i < bytes.length; i++) {
      long level = Math.clamp(Math.round(weights[i] / step), -MOST, MOST);
      bytes[i] = (byte) (level + ZERO);
    }
    return new Quantized(bytes, step);
  }

  /** {@code numbers} as little-endian floats. */
  static byte[] floats(float[] numbers) {
    ByteBuffer bytes =
        ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return bytes.array();
  }
}
