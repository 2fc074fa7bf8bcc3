package io.iir.flow;

import io.iir.classify.Classification;
import io.iir.classify.MoreScores;
import io.iir.classify.encoder.Opinion;
import io.iir.classify.encoder.SecondOpinions;
import io.iir.config.IirProperties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/**
 * Asks the second stage where the first is unsure of a request that is to be answered, and waits
 * for it, blocking nothing. If there is none, or it says nothing in time, the first stage's answer
 * stands.
 */
@Component
public final class SecondOpinion extends AsyncProcessorSupport {

  /** The stage whose answers it may change. */
  private static final int FIRST = 1;

  private final RequestClassification classification;
  private final @Nullable SecondOpinions opinions;
  private final double below;
  private final Executor blocking;

  /**
   * Asks {@code opinions}, if there are any.
   *
   * @param blocking where exchanges go on that no client's connection belongs to
   */
  @Autowired
  public SecondOpinion(
      RequestClassification classification,
      ObjectProvider<SecondOpinions> opinions,
      IirProperties properties,
      @Qualifier(FlowConfiguration.BLOCKING) Executor blocking) {
    this(classification, opinions.getIfAvailable(), properties.classify().encoderBelow(), blocking);
  }

  SecondOpinion(
      RequestClassification classification,
      @Nullable SecondOpinions opinions,
      double below,
      Executor blocking) {
    this.classification = classification;
    this.opinions = opinions;
    this.below = below;
    this.blocking = blocking;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    CompletableFuture<Opinion> asked = ask(exchange);
    if (asked == null) {
      callback.done(true);
      return true;
    }
    if (asked.isDone()) {
      hear(exchange, asked.join());
      callback.done(true);
      return true;
    }
    asked.thenAcceptAsync(
        opinion -> {
          try {
            hear(exchange, opinion);
          } catch (Throwable e) { // the exchange must go on, whatever is wrong
            exchange.setException(e);
          }
          callback.done(false);
        },
        NextThread.of(exchange, blocking));
    return false;
  }

  /** Asks as {@link #process} does, but on a thread that may be held up so long. */
  public void await(Exchange exchange) {
    CompletableFuture<Opinion> asked = ask(exchange);
    if (asked != null) {
      hear(exchange, asked.join());
    }
  }

  /** Null where nobody is to be asked. */
  private @Nullable CompletableFuture<Opinion> ask(Exchange exchange) {
    Classification told = Variables.CLASSIFICATION.find(exchange);
    if (opinions == null
        || told == null
        || told.stage() != FIRST
        || told.confidence() >= below
        || !ClassifyRoute.isToBeAnswered(exchange)) {
      return null;
    }
    String text = Variables.REQUEST.get(exchange).text();
    return text.isBlank() ? null : opinions.ask(text);
  }

  private void hear(Exchange exchange, Opinion opinion) {
    MoreScores scores = opinion.scores();
    if (scores != null) {
      classification.reconsider(exchange, scores);
    }
  }
}
