package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.auth.AdminKey;
import io.iir.auth.KeyHash;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiException;
import io.iir.throttle.Limits;
import io.iir.throttle.MemoryRateLimiter;
import io.iir.usage.RowIds;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ThrottleRouteTest {

  private final DefaultCamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() throws Exception {
    context.getRegistry().bind(FlowConfiguration.BLOCKING, Executors.newCachedThreadPool());
    context.addRoutes(
        new ThrottleRoute(
            new MemoryRateLimiter(),
            new Limits(1, 0, 0),
            new FlowMeters(new SimpleMeterRegistry()),
            new Settlements(row -> {}, new RowIds(Clock.systemUTC(), 0), Clock.systemUTC())));
    context.setStreamCaching(false);
    context.disableJMX();
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  /** A body that counts how often it is read, and is then no JSON. */
  private static final class Body extends InputStream {

    private final AtomicInteger reads = new AtomicInteger();

    @Override
    public int read() {
      reads.incrementAndGet();
      return -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return read();
    }
  }

  private ApiException refusal(Body body) {
    try (ProducerTemplate template = context.createProducerTemplate()) {
      Exchange done =
          template.send(
              "direct:throttle",
              exchange -> {
                Variables.TIMINGS.set(exchange, new Timings());
                Variables.REQUEST_ID.set(exchange, "r");
                Variables.PRINCIPAL.set(exchange, new AdminKey(KeyHash.of("admin")).key());
                exchange.getMessage().setBody(body);
              });
      return done.getException(ApiException.class);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRequestAboveTheLimitIsNotRead() {
    Body first = new Body();
    assertThat(refusal(first).error().status()).isEqualTo(400);
    assertThat(first.reads).hasPositiveValue();

    Body second = new Body();
    assertThat(refusal(second).error().status()).isEqualTo(429);
    assertThat(second.reads).hasValue(0);
  }
}
