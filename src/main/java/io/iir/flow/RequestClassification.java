package io.iir.flow;

import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.MoreScores;
import io.iir.classify.RequestShape;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Sets the facts that follow from a request itself. Thread-safe. */
@Component
public final class RequestClassification implements Processor {

  private final Classifier classifier;
  private final Wishes wishes;

  /** Asks {@code classifier} what is asked for and {@code wishes} of whom. */
  public RequestClassification(Classifier classifier, Wishes wishes) {
    this.classifier = classifier;
    this.wishes = wishes;
  }

  @Override
  public void process(Exchange exchange) {
    ModelRequest request = Variables.REQUEST.get(exchange);
    Wishes.Wish wish =
        wishes.of(
            request.model(),
            exchange.getMessage().getHeader("x-routing-strategy"),
            Variables.PRINCIPAL.get(exchange)::mayCall);
    Variables.OPERATION.set(exchange, request.operation().word());
    Variables.PROVIDER.set(exchange, wish.provider());
    Variables.MODEL.set(exchange, wish.model());
    Variables.STRATEGY.set(exchange, wish.strategy());
    Variables.PROMPT_TOKENS.set(exchange, request.promptTokens());
    Variables.MAX_TOKENS.set(exchange, Math.max(0, request.maxTokens()));
    Variables.STREAM.set(exchange, request.stream());
    Variables.HAS_TOOLS.set(exchange, request.hasTools());
    Variables.HAS_IMAGES.set(exchange, request.hasImages());
    Variables.JSON_MODE.set(exchange, request.jsonMode());
    if (request.operation() == Operation.CHAT) {
      classify(exchange, request);
    }
  }

  /** Of what is no conversation nothing is told: rules go by the operation. */
  private void classify(Exchange exchange, ModelRequest request) {
    tell(exchange, classifier.classify(request.text(), shape(request)));
  }

  /** Classifies the request once more, with what the second stage has to say of its text. */
  void reconsider(Exchange exchange, MoreScores more) {
    ModelRequest request = Variables.REQUEST.get(exchange);
    tell(exchange, classifier.reconsider(request.text(), shape(request), more));
  }

  private static RequestShape shape(ModelRequest request) {
    return new RequestShape(
        request.hasTools(),
        request.hasImages(),
        request.jsonMode(),
        request.messageCount(),
        request.promptTokens());
  }

  private static void tell(Exchange exchange, Classification found) {
    Variables.CATEGORY.set(exchange, found.category().wireName());
    Variables.COMPLEXITY.set(exchange, found.complexity());
    Variables.CONFIDENCE.set(exchange, found.confidence());
    Variables.LANGUAGE.set(exchange, found.language());
  }
}
