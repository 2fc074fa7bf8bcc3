package io.iir.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.feedback.Feedback;
import io.iir.feedback.Learning;
import io.iir.feedback.Served;
import io.iir.feedback.Source;
import io.iir.metrics.FeedbackMeters;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Takes what a client says of an answer that its key got. Blocks. Thread-safe. */
@Component
public final class FeedbackStep implements Processor {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Learning learning;
  private final FeedbackMeters meters;

  /** Has {@code learning} take it, and counts it in {@code meters}. */
  public FeedbackStep(Learning learning, FeedbackMeters meters) {
    this.learning = learning;
    this.meters = meters;
  }

  @Override
  public void process(Exchange exchange) throws InterruptedException, JsonProcessingException {
    Feedback feedback = Feedback.parse(exchange.getMessage().getBody(byte[].class));
    Served served = learning.take(Variables.PRINCIPAL.get(exchange).id(), feedback);
    if (served == null) {
      throw unknown(feedback.requestId());
    }
    meters.events(Source.CLIENT.word(), 1);
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
