package io.iir.flow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.auth.ApiKey;
import io.iir.feedback.Feedback;
import io.iir.feedback.Learning;
import io.iir.feedback.Scorer;
import io.iir.feedback.Served;
import io.iir.metrics.FeedbackMeters;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.throttle.Charge;
import io.iir.throttle.Limiter;
import io.iir.throttle.Permit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Takes what a client says of an answer that its key got. Blocks. Thread-safe. */
@Component
public final class FeedbackStep implements Processor {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Learning learning;
  private final Limiter limiter;
  private final Quotas quotas;
  private final FeedbackMeters meters;
  private final FlowMeters flow;

  /**
   * Has {@code learning} take it, within what {@code quotas} and {@code limiter} allow; counted in
   * {@code meters}, refusals in {@code flow}.
   */
  public FeedbackStep(
      Learning learning, Limiter limiter, Quotas quotas, FeedbackMeters meters, FlowMeters flow) {
    this.learning = learning;
    this.limiter = limiter;
    this.quotas = quotas;
    this.meters = meters;
    this.flow = flow;
  }

  @Override
  public void process(Exchange exchange) throws Exception {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    admit(exchange, key);
    Feedback feedback = Feedback.parse(exchange.getMessage().getBody(byte[].class));
    Served served = learning.take(key.id(), feedback);
    if (served == null) {
      throw unknown(feedback.requestId());
    }
    meters.events(Scorer.CLIENT.word(), 1);
    ObjectNode view =
        JSON.createObjectNode()
            .put("object", "feedback")
            .put("request_id", served.requestId())
            .put("model", served.model())
            .put("category", served.category())
            .put("complexity", served.complexity())
            .put("score", feedback.score());
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().setBody(JSON.writeValueAsBytes(view));
  }

  /** It counts whatever becomes of it: whoever guesses ids is limited, too. */
  private void admit(Exchange exchange, ApiKey key) throws Exception {
    try {
      Permit permit = limiter.acquire(new Charge(List.of(quotas.ofFeedback(key)), 0, 0)).get();
      permit.settle(0, 0);
      Variables.PERMIT.set(exchange, permit);
    } catch (ExecutionException e) {
      Throwable refusal = Refusals.of(Objects.requireNonNull(e.getCause()), flow);
      throw refusal instanceof Exception known ? known : e;
    }
  }

  /** The same for another key's request: whoever guesses ids learns nothing. */
  private static ApiException unknown(String requestId) {
    return new ApiException(
        ApiError.invalid(
            404,
            "not_found",
            ("There is no answer to a conversation by the request id '%s' that this key got within"
                    + " iir.classify.feedback-within; send the x-request-id that came with it.")
                .formatted(requestId),
            "request_id"));
  }
}
