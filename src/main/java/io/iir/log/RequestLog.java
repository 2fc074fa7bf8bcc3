package io.iir.log;

import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes a line of each request into the log, from a thread of its own: event loops hand lines over
 * and never wait. Where the log is slower than the requests, lines are dropped and counted.
 * Thread-safe.
 */
public final class RequestLog implements AutoCloseable {

  /** The logger of these lines. */
  static final String NAME = "iir.requests";

  private static final int MOST_WAITING = 8192;
  private static final int LAST_SECONDS = 2;

  private final Logger log;
  private final BlockingQueue<RequestLine> waiting;
  private final Counter dropped;
  private final Thread writer;
  private volatile boolean closed;

  /** A log that counts in {@code registry} what it drops. */
  public RequestLog(MeterRegistry registry) {
    this(registry, LoggerFactory.getLogger(NAME), MOST_WAITING);
  }

  RequestLog(MeterRegistry registry, Logger log, int mostWaiting) {
    this.log = log;
    this.waiting = new ArrayBlockingQueue<>(mostWaiting);
    this.dropped = Counter.builder(Meters.LOG_DROPPED.id()).register(registry);
    this.writer = Thread.ofPlatform().daemon().name("request-log").start(this::write);
  }

  /** {@code line} is written soon, or dropped. */
  public void add(RequestLine line) {
    if (!waiting.offer(line)) {
      dropped.increment();
    }
  }

  private void write() {
    while (!closed || !waiting.isEmpty()) {
      try {
        RequestLine line = waiting.poll(LAST_SECONDS, TimeUnit.SECONDS);
        if (line != null) {
          write(line);
        }
      } catch (InterruptedException e) {
        closed = true; // what waits is written all the same
      }
    }
  }

  private void write(RequestLine line) {
    LoggingEventBuilder event = log.atInfo();
    add(event, "http.request.id", line.requestId());
    add(event, "trace.id", line.traceId());
    add(event, "span.id", line.spanId());
    add(event, "iir.key.id", line.keyId());
    add(event, "iir.team", line.team());
    add(event, "iir.route", line.route());
    add(event, "gen_ai.provider.name", line.provider());
    add(event, "gen_ai.response.model", line.model());
    add(event, "http.response.status_code", line.status());
    add(event, "iir.outcome", line.outcome());
    add(event, "iir.cache", line.cache());
    add(event, "gen_ai.usage.input_tokens", line.inputTokens() < 0 ? null : line.inputTokens());
    add(event, "gen_ai.usage.output_tokens", line.outputTokens() < 0 ? null : line.outputTokens());
    add(event, "event.duration", line.nanos());
    event.log(
        "{} {} {} in {} ms",
        line.route(),
        line.status(),
        line.outcome(),
        TimeUnit.NANOSECONDS.toMillis(line.nanos()));
  }

  private static void add(LoggingEventBuilder event, String name, @Nullable Object value) {
    if (value != null) {
      var _ = event.addKeyValue(name, value);
    }
  }

  /** Writes what waits, for a short while. */
  @Override
  public void close() {
    closed = true;
    writer.interrupt();
    try {
      writer.join(TimeUnit.SECONDS.toMillis(LAST_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
