package io.iir.flow;

import io.iir.openai.ChatRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The one scan of a request's body, which tells all that the gateway must know of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class JsonScanBenchmark {

  /** The body's size in bytes. */
  @Param({"400", "32768"})
  public int bytes;

  private byte[][] bodies;
  private int next;

  @Setup
  public void prepare() {
    bodies = new byte[16][];
    for (int i = 0; i < bodies.length; i++) {
      bodies[i] = BenchRequest.body(bytes, i);
    }
  }

  @Benchmark
  public ChatRequest scan() {
    return ChatRequest.parse(bodies[next++ & 15]);
  }
}
