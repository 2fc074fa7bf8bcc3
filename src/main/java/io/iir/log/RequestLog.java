package io.iir.log;

import io.iir.config.LogSettings;
import io.iir.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes a line of each request into the log, from a thread of its own: event loops hand lines over
 * and never wait. Where the log is slower than the requests, or fails, lines are dropped and
 * counted. Thread-safe.
 */
public final class RequestLog implements AutoCloseable {

  /** The logger of these lines. */
  static final String NAME = "iir.requests";

  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final String MESSAGE = "{} {} {} in {} ms{}";
  private static final int MOST_WAITING = 8192;
  private static final int LAST_SECONDS = 2;

  private final LogSettings.Format format;
  private final Logger log;
  private final BlockingQueue<RequestLine> waiting;
  private final Counter dropped;
  private final Thread writer;
  private volatile boolean closed;
  private boolean told;

  /**
   * A log that counts in {@code registry} what it drops.
   *
   * @param format as text the line's message says all of it, in JSON its fields do
   */
  public RequestLog(MeterRegistry registry, LogSettings.Format format) {
    this(registry, format, LoggerFactory.getLogger(NAME), MOST_WAITING);
  }

  RequestLog(MeterRegistry registry, LogSettings.Format format, Logger log, int mostWaiting) {
    this.format = format;
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
      } catch (RuntimeException e) {
        dropped.increment();
        tell(e);
      }
    }
  }

  private void tell(RuntimeException failure) {
    if (told) {
      return;
    }
    told = true;
    try {
      LOG.warn(
          "a request's line cannot be written, which is told once: {}; {} counts those to come",
          failure,
          Meters.LOG_DROPPED.id());
    } catch (RuntimeException e) {
      return; // what fails is the whole log; the meter tells it
    }
  }

  private void write(RequestLine line) {
    about("http.request.id", line.requestId());
    about("trace.id", line.traceId());
    about("span.id", line.spanId());
    try {
      if (format == LogSettings.Format.TEXT) {
        writeText(line);
      } else {
        writeFields(line);
      }
    } finally {
      MDC.clear();
    }
  }

  private static void about(String name, @Nullable String id) {
    if (id != null) {
      MDC.put(name, id);
    }
  }

  private void writeText(RequestLine line) {
    StringBuilder more = new StringBuilder();
    BiConsumer<String, Object> append =
        (name, value) -> more.append(' ').append(name).append('=').append(value);
    visit(line, append);
    visit(append, "trace.id", line.traceId());
    log.info(MESSAGE, line.route(), line.status(), line.outcome(), millis(line), more);
  }

  private void writeFields(RequestLine line) {
    LoggingEventBuilder event = log.atInfo();
    BiConsumer<String, Object> add =
        (name, value) -> {
          var _ = event.addKeyValue(name, value);
        };
    add.accept("iir.route", line.route());
    add.accept("http.response.status_code", line.status());
    add.accept("iir.outcome", line.outcome());
    add.accept("event.duration", line.nanos());
    visit(line, add);
    event.log(MESSAGE, line.route(), line.status(), line.outcome(), millis(line), "");
  }

  /** Tells {@code visitor} what the message does not say, where there is any. */
  private static void visit(RequestLine line, BiConsumer<String, Object> visitor) {
    visit(visitor, "iir.key.id", line.keyId());
    visit(visitor, "iir.team", line.team());
    visit(visitor, "gen_ai.provider.name", line.provider());
    visit(visitor, "gen_ai.response.model", line.model());
    visit(visitor, "iir.cache", line.cache());
    visit(visitor, "gen_ai.usage.input_tokens", known(line.inputTokens()));
    visit(visitor, "gen_ai.usage.output_tokens", known(line.outputTokens()));
  }

  private static void visit(
      BiConsumer<String, Object> visitor, String name, @Nullable Object value) {
    if (value != null) {
      visitor.accept(name, value);
    }
  }

  private static @Nullable Long known(long tokens) {
    return tokens < 0 ? null : tokens;
  }

  private static long millis(RequestLine line) {
    return TimeUnit.NANOSECONDS.toMillis(line.nanos());
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
