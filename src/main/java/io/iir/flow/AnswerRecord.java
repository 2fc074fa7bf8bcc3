package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.idempotency.AnswerCopy;
import io.iir.idempotency.Ending;
import io.iir.idempotency.KeptAnswer;
import io.iir.idempotency.Run;
import io.iir.provider.ModelName;
import io.iir.transport.AnswerStream;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the answer to the first request of an Idempotency-Key for its repetitions, if it is a
 * success and complete: what failed may be tried again. One an exchange.
 */
final class AnswerRecord extends SynchronizationAdapter {

  private final Run run;
  private final int limit;
  private @Nullable AnswerCopy copy;

  /** Ends {@code run} by an answer of at most {@code limit} bytes. */
  AnswerRecord(Run run, int limit) {
    this.run = run;
    this.limit = limit;
  }

  /** Takes the answer as the client will get it: a whole one now, a stream as it passes. */
  void take(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (Variables.ERROR.find(exchange) != null || status(exchange) / 100 != 2) {
      run.end(Ending.NOTHING);
    } else if (body instanceof AnswerStream stream) {
      copy = new AnswerCopy(limit, run);
      stream.through(copy);
    } else if (body instanceof byte[] whole) {
      run.end(
          whole.length <= limit && run.take(whole.length)
              ? kept(exchange, whole)
              : Ending.TOO_LONG);
    }
  }

  @Override
  public void onDone(Exchange exchange) {
    AnswerCopy stream = copy;
    Tally tally = Variables.TALLY.find(exchange);
    if (stream == null || !stream.complete() || (tally != null && tally.failure() != null)) {
      run.end(Ending.NOTHING);
    } else {
      byte[] bytes = stream.bytes();
      run.end(bytes == null ? Ending.TOO_LONG : kept(exchange, bytes));
    }
  }

  private static Ending kept(Exchange exchange, byte[] bytes) {
    ModelName answered = Variables.ANSWERED_BY.find(exchange);
    return new Ending.Kept(
        new KeptAnswer(
            status(exchange),
            exchange
                .getMessage()
                .getHeader(Exchange.CONTENT_TYPE, "application/json", String.class),
            answered == null ? null : answered.provider(),
            answered == null ? null : answered.model(),
            bytes));
  }

  private static int status(Exchange exchange) {
    return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class);
  }
}
