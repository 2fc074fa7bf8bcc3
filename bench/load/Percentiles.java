import java.util.Arrays;

/** Times in nanoseconds as they come, then their percentiles in milliseconds. Thread-safe. */
final class Percentiles {

  private long[] nanos = new long[1 << 16];
  private int count;

  synchronized void add(long value) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = value;
  }

  synchronized int count() {
    return count;
  }

  /** The value that {@code share} of all are not above, in milliseconds. */
  synchronized double millis(double share) {
    Arrays.sort(nanos, 0, count);
    return count == 0 ? Double.NaN : nanos[(int) ((count - 1) * share)] / 1e6;
  }
}
