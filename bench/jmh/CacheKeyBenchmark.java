package io.iir.flow;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
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

/** Where a request's answer lies in the cache: its normal form, and the SHA-256 of that. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CacheKeyBenchmark {

  /** The body's size in bytes. */
  @Param({"400", "32768"})
  public int bytes;

  private final CacheKeys keys = new CacheKeys(BenchRequest.settings(Map.of()));
  private Exchange exchange;

  @Setup
  public void prepare() {
    exchange = BenchRequest.exchange(new DefaultCamelContext(), BenchRequest.body(bytes, 1));
  }

  @Benchmark
  public String key() {
    return keys.of(exchange);
  }
}
