package io.iir.flow;

import io.iir.auth.ApiKey;
import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.config.ClassifySettings;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.check.RuleContexts;
import io.iir.rules.language.Facts;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/** A chat request where no gateway runs, read by the steps that a gateway reads it by. */
public final class OfflineRequest {

  private final ProviderDirectory directory;
  private final Set<String> readable;
  private final Clock clock;

  /**
   * Requests to a gateway that offers {@code directory}.
   *
   * @param readable the headers that rules may read, in lower case
   * @param clock tells the hour and the day of the week
   */
  public OfflineRequest(ProviderDirectory directory, Set<String> readable, Clock clock) {
    this.directory = directory;
    this.readable = Set.copyOf(readable);
    this.clock = clock;
  }

  /**
   * What is known of a request.
   *
   * @param facts what rules can ask about it
   * @param told what was told of its text
   */
  public record Known(Facts facts, Classification told) {}

  /**
   * Reads the request {@code body} by the classifier that ships with the gateway.
   *
   * @param headers those that it comes with, names in lower case
   * @param key whose it is
   * @throws ApiException as a gateway answers if it is wrong, or names a model that is not there
   */
  public Known read(byte[] body, Map<String, String> headers, ApiKey key) {
    CamelContext context = RuleContexts.create("iir-offline", false, Map.of());
    try {
      Exchange exchange = new DefaultExchange(context);
      headers.forEach(exchange.getMessage()::setHeader);
      Variables.PRINCIPAL.set(exchange, key);
      Variables.REQUEST.set(exchange, ChatRequest.parse(body));
      new RequestClassification(
              new Classifier(ModelFile.shipped()),
              ClassifySettings.THRESHOLD,
              new Wishes(directory))
          .process(exchange);
      return new Known(
          new RequestFacts(directory, List.copyOf(readable), clock).of(exchange),
          Variables.CLASSIFICATION.get(exchange));
    } finally {
      context.stop();
    }
  }
}
