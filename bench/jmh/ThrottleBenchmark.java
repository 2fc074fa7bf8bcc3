package io.iir.flow;

import io.iir.config.StateSettings;
import io.iir.throttle.Charge;
import io.iir.throttle.Limiter;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Permit;
import io.iir.throttle.Quota;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Limits in memory: quotas are found and taken, what was used is settled. {@code one}: the key has
 * limits; {@code four}: key, team, model and gateway have, two of them a budget.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ThrottleBenchmark {

  private static final String MANY = "2000000000";

  private final Limiter limiter =
      new MemoryLimiter(
          (subject, start) -> CompletableFuture.completedFuture(0L),
          StateSettings.Mode.OPEN,
          () -> 1);
  private final Quotas one =
      new Quotas(
          BenchRequest.settings(
              Map.of("iir.limits.default.rpm", MANY, "iir.limits.default.tpm", MANY)));
  private final Quotas four =
      new Quotas(
          BenchRequest.settings(
              Map.ofEntries(
                  Map.entry("iir.limits.default.rpm", MANY),
                  Map.entry("iir.limits.default.tpm", MANY),
                  Map.entry("iir.limits.gateway.rpm", MANY),
                  Map.entry("iir.limits.gateway.concurrency", "1000"),
                  Map.entry("iir.limits.models[bench/m].rpm", MANY),
                  Map.entry("iir.limits.models[bench/m].concurrency", "1000"),
                  Map.entry("iir.teams.search.limits.rpm", MANY),
                  Map.entry("iir.teams.search.budget.usd", "9000000"),
                  Map.entry("iir.budgets.gateway.usd", "9000000"))));

  @Benchmark
  public Object one() {
    return request(one);
  }

  @Benchmark
  public Object four() {
    return request(four);
  }

  private Object request(Quotas quotas) {
    if (limiter.refusal(quotas.of(BenchRequest.KEY)) != null) {
      throw new IllegalStateException("a limit is reached");
    }
    List<Quota> all = quotas.of(BenchRequest.KEY, BenchRequest.MODEL.id());
    Permit permit = limiter.acquire(new Charge(all, 120, 1000)).join();
    permit.settle(100, 10);
    return permit.snapshot();
  }
}
