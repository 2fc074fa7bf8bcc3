package io.iir.hardware;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How fast all cores together read main memory. Measured once, in about a second in which they do
 * nothing else, by summing numbers as in the "sum" kernel that was added to STREAM: decoding reads
 * all weights for each token and writes next to nothing, so this is what bounds it. Thread-safe.
 *
 * @see <a href="https://www.cs.virginia.edu/stream/ref.html">STREAM</a>
 */
final class MemoryBandwidth {

  private static final long MOST_A_CORE = 128L << 20;
  private static final long LEAST_A_CORE = 8L << 20;

  /** How much of the memory that is left may be used. */
  private static final int PART = 8;

  private static final long WARM_NANOS = 200_000_000;
  private static final long MEASURED_NANOS = 400_000_000;

  private final LongSupplier nanos;
  private @Nullable Double measured;

  /** What sums come to; kept so that the compiler cannot leave them out. */
  @SuppressWarnings("UnusedVariable")
  private volatile long sink;

  /** Not measured yet. */
  MemoryBandwidth() {
    this(MemoryBandwidth::cpuNanos);
  }

  /** One that takes its time from {@code nanos}. */
  MemoryBandwidth(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * Bytes a second: as measured before, else now.
   *
   * @param cores how many read
   * @param available memory that may be used at most
   * @return null if there is too little memory to measure with
   * @throws IllegalStateException if it cannot be measured, and why not
   */
  synchronized @Nullable Double bytesPerSecond(int cores, long available) {
    if (measured == null) {
      long each = Math.min(MOST_A_CORE, available / PART / cores) / Long.BYTES * Long.BYTES;
      measured = each < LEAST_A_CORE ? null : Double.valueOf(measure(cores, each));
    }
    return measured;
  }

  private double measure(int cores, long each) {
    List<Callable<Double>> readers = new ArrayList<>();
    for (int i = 0; i < cores; i++) {
      readers.add(() -> read(each));
    }
    double sum = 0;
    try (ExecutorService executor = Executors.newFixedThreadPool(cores)) {
      for (Future<Double> reader : executor.invokeAll(readers)) {
        sum += reader.get();
      }
      return sum;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the gateway stops", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(String.valueOf(e.getCause()), e);
    }
  }

  /**
   * Fills memory, reads it until its code is compiled, and tells how fast it is read from then on.
   */
  private double read(long size) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment numbers = arena.allocate(size, Long.BYTES); // filled, so it is really there
      long from = nanos.getAsLong();
      long warm = from + WARM_NANOS;
      long now;
      long passes = 0;
      long total = 0;
      do {
        total += sum(numbers);
        now = nanos.getAsLong();
        if (from - warm < 0) {
          from = now; // still warming up
        } else {
          passes++;
        }
      } while (passes == 0 || now - from < MEASURED_NANOS);
      sink = total;
      return (double) passes * size * 1e9 / Math.max(1, now - from);
    }
  }

  /** The time that this thread has run: what other programs take of the cores does not count. */
  private static long cpuNanos() {
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    return nanos < 0 ? System.nanoTime() : nanos;
  }

  private static long sum(MemorySegment numbers) {
    long total = 0;
    int count = Math.toIntExact(numbers.byteSize() / Long.BYTES);
    for (int i = 0; i < count; i++) {
      total += numbers.get(ValueLayout.JAVA_LONG, (long) i * Long.BYTES);
    }
    return total;
  }
}
