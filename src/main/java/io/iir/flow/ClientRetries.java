package io.iir.flow;

import io.iir.feedback.Answer;
import io.iir.feedback.Conversation;
import io.iir.feedback.Retries;
import io.iir.feedback.Served;
import io.iir.openai.ModelRequest;
import io.iir.provider.Candidate;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import io.iir.usage.UsageRow;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Shows answered conversations to {@link Retries}. Thread-safe, never blocks. */
@Component
final class ClientRetries implements AnswerWatch {

  private static final String QUALITY = "quality-first";

  private final Retries retries;
  private final ProviderDirectory directory;

  ClientRetries(Retries retries, ProviderDirectory directory) {
    this.retries = retries;
    this.directory = directory;
  }

  @Override
  public void ended(Exchange exchange, UsageRow row) {
    if (!retries.sees()) {
      return;
    }
    Served served = Served.of(row);
    ModelRequest request = Variables.REQUEST.find(exchange);
    if (served == null || request == null || row.status() != 200) {
      return;
    }
    long began = row.at().toEpochMilli();
    retries.answered(
        Conversation.of(row.keyId(), request),
        new Answer(
            served,
            row.outcome().equals(RequestOutcome.SUCCESS),
            isWanted(exchange, served.model()),
            began,
            began + row.latencyMillis()),
        this::isStronger);
  }

  /**
   * Whether the client named {@code model}, or asked for the best: no rule, no failover chose it.
   */
  private static boolean isWanted(Exchange exchange, String model) {
    String strategy = Variables.STRATEGY.find(exchange);
    if (!Wishes.PASS_THROUGH.equals(strategy)) {
      return QUALITY.equals(strategy);
    }
    return model.equals(Variables.PROVIDER.find(exchange) + '/' + Variables.MODEL.find(exchange));
  }

  private boolean isStronger(String model, String other) {
    Candidate one = directory.candidate(named(model));
    Candidate two = directory.candidate(named(other));
    return one != null && two != null && one.isStrongerThan(two);
  }

  private static ModelName named(String id) {
    int slash = id.indexOf('/');
    return new ModelName(id.substring(0, slash), id.substring(slash + 1));
  }
}
