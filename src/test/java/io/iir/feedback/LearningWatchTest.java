package io.iir.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LearningWatchTest {

  private final Logger logger = (Logger) LoggerFactory.getLogger(LearningWatch.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(log);
  }

  @Test
  void aFailureIsToldOnceWhateverItIsAndWhateverElseGoesWell() {
    Deque<String> mistakes = new ArrayDeque<>(List.of("one", "two", "", "three"));
    LearningWatch.Action fails =
        new LearningWatch.Action(() -> {
          String mistake = mistakes.remove();
          if (!mistake.isEmpty()) {
            throw new ArithmeticException(mistake);
          }
        });
    LearningWatch.Action goesWell = new LearningWatch.Action(() -> {});
    for (int i = 0; i < 4; i++) {
      goesWell.take();
      fails.take();
    }
    assertThat(mistakes).isEmpty();
    assertThat(log.list)
        .extracting(event -> event.getFormattedMessage().replaceAll("^.*: |;.*$", ""))
        .containsExactly("one", "three");
  }
}
