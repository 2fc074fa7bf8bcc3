package io.iir.flow;

import io.iir.IirApplication;
import io.iir.auth.AdminKey;
import io.iir.openai.ChatRequest;
import io.iir.rules.check.Hooks;
import io.iir.rules.check.RuleContexts;
import io.iir.rules.check.RuleReader;
import io.iir.rules.language.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.direct.DirectConsumer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
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
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What the way through the rules' own context adds to a request, against the same rule as a route
 * that is called directly. Both begin with a new exchange that holds what the steps before set;
 * {@code exchange} is the cost of that alone.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DecisionBenchmark {

  private static final byte[] BODY =
      """
      {"model": "auto", "messages": [{"role": "user", "content": "Write a function in Rust."}]}\
      """
          .getBytes(StandardCharsets.UTF_8);

  private ConfigurableApplicationContext gateway;
  private CamelContext flow;
  private RuleDecision decision;
  private RequestClassification classification;
  private DefaultCamelContext direct;
  private AsyncProcessor rule;
  private Exchange model;

  @Setup
  public void start() throws Exception {
    Path data = Files.createTempDirectory("iir-jmh");
    gateway =
        IirApplication.application()
            .run(
                "--iir.port=0",
                "--iir.data-dir=" + data,
                "--iir.routes-dir=routes",
                "--iir.discovery.environment=false",
                "--iir.discovery.local-ports=",
                "--iir.admin-key=sk-bench-admin-0123456789");
    flow = gateway.getBean(CamelContext.class);
    decision = gateway.getBean(RuleDecision.class);
    classification = gateway.getBean(RequestClassification.class);
    model = prepared();
    String file = "provider-choice.camel.yaml";
    direct = RuleContexts.create("direct", false, Map.of());
    direct.addRouteDefinition(
        new RuleReader(Map.of())
            .read(
                file,
                Files.readAllBytes(Path.of("routes", file)),
                "provider-choice",
                Set.of(),
                new Vocabulary(Set.of(), Map.of(), name -> null))
            .definition(Hooks.NONE));
    direct.start();
    rule = ((DirectConsumer) direct.getRoute("provider-choice").getConsumer()).getAsyncProcessor();
  }

  @TearDown
  public void stop() {
    direct.stop();
    gateway.close();
  }

  private Exchange prepared() throws Exception {
    Exchange exchange = new DefaultExchange(flow);
    Variables.REQUEST_ID.set(exchange, "bench");
    Variables.PRINCIPAL.set(exchange, new AdminKey(io.iir.auth.KeyHash.of("sk")).key());
    Variables.REQUEST.set(exchange, ChatRequest.parse(BODY));
    classification.process(exchange);
    return exchange;
  }

  private Exchange next(CamelContext context) {
    Exchange exchange = new DefaultExchange(context);
    exchange.getVariables().putAll(model.getVariables());
    return exchange;
  }

  /** A new exchange with what the steps before set. */
  @Benchmark
  public Exchange exchange() {
    return next(flow);
  }

  /** The rule as a route, in the request's own exchange. */
  @Benchmark
  public Object direct() throws Exception {
    Exchange exchange = next(direct);
    rule.process(exchange);
    return exchange.getVariable("targets");
  }

  /** The rule that is live: facts, an exchange of its own, the decision, in the request's. */
  @Benchmark
  public Object live() throws Exception {
    Exchange exchange = next(flow);
    decision.process(exchange);
    return Variables.TARGETS.get(exchange);
  }
}
