package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.metrics.FlowMeters;
import io.iir.openai.Operation;
import io.iir.provider.ModelName;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * Counts calls to providers, and measures how long those took that were sent: until the whole
 * answer was there, or until the call was given up. Thread-safe.
 */
@Component
final class CallMeters {

  /** Nothing went wrong. */
  static final String NONE = "none";

  /** Another call was faster. */
  static final String CANCELLED = "cancelled";

  private final FlowMeters meters;
  private final ModelTags models;

  CallMeters(FlowMeters meters, ModelTags models) {
    this.meters = meters;
    this.models = models;
  }

  /** The model {@code name} has begun a stream, or given its whole answer. */
  void succeeded(ModelName name) {
    meters.backendCall(name.provider(), "success");
  }

  /** The call to the current target of {@code exchange} is over, with {@code outcome}. */
  void failed(Exchange exchange, String outcome) {
    ModelName name = Variables.ATTEMPTS.get(exchange).current().name();
    failed(exchange, name, Variables.TALLY.get(exchange), outcome);
  }

  /** The call of {@code tally}'s to the model {@code name} is over, with {@code outcome}. */
  void failed(Exchange exchange, ModelName name, Tally tally, String outcome) {
    meters.backendCall(name.provider(), outcome);
    ended(exchange, name, tally, outcome);
  }

  /**
   * The call of {@code tally}'s to the model {@code name}, which is counted already or is not to
   * be, has ended; nothing happens if that was told before, or if nothing was sent.
   *
   * @param error the outcome, or {@link #NONE}
   */
  void ended(Exchange exchange, ModelName name, Tally tally, String error) {
    ended(exchange, name, tally, error, System.nanoTime());
  }

  private void ended(Exchange exchange, ModelName name, Tally tally, String error, long nanos) {
    long sent = tally.takeSent();
    if (sent != 0) {
      Operation operation = Variables.REQUEST.get(exchange).operation();
      models.of(name).called(operation.word(), error, Math.max(0, nanos - sent));
    }
  }

  /** The answer has ended: so has the stream that it was, if it was one. */
  void streamEnded(Exchange exchange, ModelName name, Tally tally) {
    String failure = tally.failure();
    String error =
        RequestOutcome.left(exchange)
            ? RequestOutcome.CLIENT_LEFT
            : failure == null ? NONE : failure.equals("provider_timeout") ? "timeout" : "error";
    long finished = tally.finishedNanos();
    ended(
        exchange,
        name,
        tally,
        error,
        error.equals(NONE) && finished != 0 ? finished : System.nanoTime());
  }
}
