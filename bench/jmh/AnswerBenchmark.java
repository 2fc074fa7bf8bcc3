package io.iir.flow;

import io.iir.IirApplication;
import io.iir.backend.Tally;
import io.iir.classify.Classifier;
import io.iir.classify.RequestShape;
import io.iir.metrics.FlowMeters;
import io.iir.openai.Usage;
import io.iir.throttle.Charge;
import io.iir.throttle.Limiter;
import io.iir.usage.UsageRow;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What is done with a request when its answer is there, in the gateway's own registry of meters:
 * {@code headers}, those of the answer are written; {@code meters}, all that count it do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AnswerBenchmark {

  private static final List<String> STEPS =
      List.of(
          "authenticate",
          "throttle",
          "classify",
          "cache-lookup",
          "provider-choice",
          "backend-call",
          "cache-store");

  private final List<Timer> timers = new ArrayList<>();
  private ConfigurableApplicationContext gateway;
  private FlowMeters flow;
  private RequestMeters requests;
  private Exchange exchange;
  private UsageRow row;

  @Setup
  public void start() throws Exception {
    gateway =
        IirApplication.application()
            .run(
                "--iir.port=0",
                "--iir.data-dir=" + Files.createTempDirectory("iir-jmh"),
                "--iir.routes-dir=routes",
                "--iir.discovery.environment=false",
                "--iir.discovery.local-ports=",
                "--iir.providers.bench.base-url=http://127.0.0.1:9/v1",
                "--iir.providers.bench.models=m",
                "--iir.admin-key=sk-bench-admin-0123456789");
    flow = gateway.getBean(FlowMeters.class);
    requests = gateway.getBean(RequestMeters.class);
    STEPS.forEach(step -> timers.add(flow.step(step)));
    exchange = answered();
    row =
        new UsageRow(
            1L << 40,
            Instant.now(),
            "0f8fad5bd9cb469fa165708676f1a7c2",
            BenchRequest.KEY.id(),
            BenchRequest.KEY.team(),
            "chat-completions",
            BenchRequest.MODEL.id(),
            93,
            0,
            25,
            123_456,
            200,
            "success",
            "miss",
            1,
            -1,
            null);
  }

  @TearDown
  public void stop() {
    gateway.close();
  }

  private Exchange answered() {
    Exchange done =
        BenchRequest.exchange(gateway.getBean(CamelContext.class), BenchRequest.body(400, 1));
    Tally tally = new Tally(90);
    tally.calling();
    tally.sent();
    tally.reported(new Usage(93, 25, 118, 0));
    Variables.TALLY.set(done, tally);
    gateway.getBean(Settlements.class).begin(done);
    Charge charge =
        new Charge(
            gateway.getBean(Quotas.class).of(BenchRequest.KEY, BenchRequest.MODEL.id()), 90, 0);
    Variables.PERMIT.set(done, gateway.getBean(Limiter.class).acquire(charge).join());
    Variables.CACHE.set(done, CacheLookup.MISS);
    Variables.CLASSIFICATION.set(
        done, new Classifier().classify("What does the brown fox do?", RequestShape.PLAIN));
    Variables.ANSWERED_BY.set(done, BenchRequest.MODEL);
    Variables.REASON.set(done, "named");
    Timings timings = Variables.TIMINGS.get(done);
    STEPS.forEach(timings::end);
    return done;
  }

  @Benchmark
  public void headers(Blackhole out) {
    AnswerHeaders.write(
        exchange,
        (name, value) -> {
          out.consume(name);
          out.consume(value);
        });
  }

  @Benchmark
  public void meters() {
    for (Timer timer : timers) {
      timer.record(10_000, TimeUnit.NANOSECONDS);
    }
    flow.cache(CacheLookup.MISS, "memory");
    flow.backendCall(BenchRequest.MODEL.provider(), "success");
    requests.settled(row, BenchRequest.MODEL);
    requests.ended("chat-completions", exchange, "success", System.nanoTime());
  }
}
