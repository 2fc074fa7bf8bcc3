package io.iir.flow;

import io.iir.feedback.Conversation;
import io.iir.feedback.Pair;
import io.iir.feedback.Retries;
import io.iir.feedback.Served;
import io.iir.openai.ModelRequest;
import io.iir.provider.Candidate;
import io.iir.provider.ModelName;
import io.iir.provider.ProviderDirectory;
import io.iir.usage.Classified;
import io.iir.usage.UsageRow;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Shows answered conversations to {@link Retries}. Thread-safe, never blocks. */
@Component
final class ClientRetries {

  private final Retries retries;
  private final ProviderDirectory directory;

  ClientRetries(Retries retries, ProviderDirectory directory) {
    this.retries = retries;
    this.directory = directory;
  }

  /** The request of {@code exchange} has ended, as {@code row} says. */
  void ended(Exchange exchange, UsageRow row) {
    Classified classified = row.classified();
    String model = row.model();
    ModelRequest request = Variables.REQUEST.find(exchange);
    if (!retries.sees()
        || classified == null
        || model == null
        || request == null
        || row.status() != 200) {
      return;
    }
    String weak = classified.weak();
    String strong = classified.strong();
    long began = row.at().toEpochMilli();
    retries.answered(
        Conversation.of(row.keyId(), request),
        new Served(
            row.keyId(),
            row.requestId(),
            model,
            classified.category(),
            classified.complexity(),
            classified.classifier(),
            weak == null || strong == null ? null : new Pair(weak, strong)),
        began,
        began + row.latencyMillis(),
        this::isStronger);
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
