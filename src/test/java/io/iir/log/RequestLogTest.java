package io.iir.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.read.ListAppender;
import io.iir.config.LogSettings.Format;
import io.iir.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** No request waits for its line, whatever the log does. */
class RequestLogTest {

  private static final int QUEUE = 3;

  private final Logger logger = (Logger) LoggerFactory.getLogger(RequestLogTest.class);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Output output = new Output();

  /** Takes a line when it is let; throws for a request of the id {@code bad}. */
  private static final class Output extends AppenderBase<ILoggingEvent> {

    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final Semaphore asked = new Semaphore(0);
    private final Semaphore let = new Semaphore(0);

    /** Not in {@code append}: what that throws is caught around it. */
    @Override
    public synchronized void doAppend(ILoggingEvent event) {
      asked.release();
      let.acquireUninterruptibly();
      if ("bad".equals(event.getMDCPropertyMap().get("http.request.id"))) {
        throw new IllegalStateException("the disk is full");
      }
      append(event);
    }

    @Override
    protected void append(ILoggingEvent event) {
      event.prepareForDeferredProcessing();
      lines.add(event);
    }

    private List<String> ids() {
      return lines.stream().map(line -> line.getMDCPropertyMap().get("http.request.id")).toList();
    }
  }

  @BeforeEach
  void listen() {
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
    logger.addAppender(output);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(output);
  }

  @Test
  void whatTheOutputDoesNotTakeIsDroppedAndCounted() {
    try (RequestLog log = log(Format.TEXT)) {
      log.add(line("first"));
      output.asked.acquireUninterruptibly(); // it is being written, for as long as that takes
      for (int i = 0; i < QUEUE + 2; i++) {
        log.add(line("r" + i));
      }
      assertThat(dropped()).isEqualTo(2);

      output.let.release(QUEUE + 1);
      await().until(() -> output.ids().equals(List.of("first", "r0", "r1", "r2")));
    }
  }

  @Test
  void whatWaitsIsWrittenAtTheEnd() throws Exception {
    RequestLog log = log(Format.TEXT);
    log.add(line("first"));
    output.asked.acquireUninterruptibly();
    log.add(line("second"));
    log.add(line("third"));

    Thread closing = Thread.ofVirtual().start(log::close);
    output.let.release(3);
    closing.join();

    assertThat(output.ids()).containsExactly("first", "second", "third");
    assertThat(dropped()).isZero();
  }

  @Test
  void anOutputThatFailsIsToldOnceAndTheLogGoesOn() {
    Logger own = (Logger) LoggerFactory.getLogger(RequestLog.class);
    ListAppender<ILoggingEvent> told = new ListAppender<>();
    told.start();
    own.addAppender(told);
    output.let.release(QUEUE);
    try (RequestLog log = log(Format.JSON)) {
      log.add(line("bad"));
      log.add(line("bad"));
      log.add(line("good"));

      await().until(() -> output.ids().equals(List.of("good")));
      assertThat(dropped()).isEqualTo(2);
      assertThat(told.list)
          .extracting(ILoggingEvent::getFormattedMessage)
          .singleElement()
          .asString()
          .contains("the disk is full", "iir.log.dropped");
    } finally {
      own.detachAppender(told);
    }
  }

  @Test
  void asTextTheMessageSaysAll() {
    output.let.release();
    try (RequestLog log = log(Format.TEXT)) {
      log.add(line("req_1"));
      await().until(() -> output.lines.size() == 1);
    }
    ILoggingEvent line = output.lines.getFirst();
    assertThat(line.getFormattedMessage())
        .isEqualTo(
            "chat-completions 200 success in 812 ms iir.key.id=key_8a iir.team=blue"
                + " gen_ai.provider.name=up gen_ai.response.model=m gen_ai.usage.input_tokens=7"
                + " trace.id=4bf9");
    assertThat(line.getMDCPropertyMap())
        .containsEntry("http.request.id", "req_1")
        .containsEntry("trace.id", "4bf9")
        .doesNotContainKey("span.id");
  }

  @Test
  void inJsonTheFieldsDo() {
    output.let.release();
    try (RequestLog log = log(Format.JSON)) {
      log.add(line("req_1"));
      await().until(() -> output.lines.size() == 1);
    }
    ILoggingEvent line = output.lines.getFirst();
    assertThat(line.getFormattedMessage()).isEqualTo("chat-completions 200 success in 812 ms");
    assertThat(line.getKeyValuePairs())
        .extracting(pair -> pair.key + "=" + pair.value)
        .contains("iir.outcome=success", "iir.team=blue", "gen_ai.usage.input_tokens=7")
        .noneMatch(pair -> pair.startsWith("gen_ai.usage.output_tokens"));
  }

  private RequestLog log(Format format) {
    return new RequestLog(registry, format, logger, QUEUE);
  }

  private double dropped() {
    return registry.get(Meters.LOG_DROPPED.id()).counter().count();
  }

  private static RequestLine line(String id) {
    return new RequestLine(
        id,
        "4bf9",
        null,
        "key_8a",
        "blue",
        "chat-completions",
        "up",
        "m",
        200,
        "success",
        null,
        7,
        -1,
        812_345_678L);
  }
}
