package io.iir.flow;

import io.iir.classify.Category;
import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.MoreScores;
import io.iir.classify.RequestShape;
import io.iir.classify.Turns;
import io.iir.config.IirProperties;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Sets the facts that follow from a request itself. Thread-safe. */
@Component
public final class RequestClassification implements Processor {

  /** The header that says what a request asks for where that is not clear. */
  public static final String DEFAULT = "x-default-category";

  private final Classifier classifier;
  private final double threshold;
  private final Wishes wishes;

  /** Asks {@code classifier} what is asked for and {@code wishes} of whom. */
  @Autowired
  public RequestClassification(Classifier classifier, IirProperties properties, Wishes wishes) {
    this(classifier, properties.classify().threshold(), wishes);
  }

  /** Takes the default where {@code classifier} is less sure than {@code threshold}. */
  RequestClassification(Classifier classifier, double threshold, Wishes wishes) {
    this.classifier = classifier;
    this.threshold = threshold;
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
    tell(exchange, classifier.classify(turns(request), shape(request)));
  }

  /** Classifies the request once more, with what the second stage has to say of its text. */
  void reconsider(Exchange exchange, MoreScores more) {
    ModelRequest request = Variables.REQUEST.get(exchange);
    tell(exchange, classifier.reconsider(turns(request), shape(request), more));
  }

  private static Turns turns(ModelRequest request) {
    return new Turns(request.text(), request.previousText(), request.systemText());
  }

  private static RequestShape shape(ModelRequest request) {
    return new RequestShape(
        request.hasTools(),
        request.hasImages(),
        request.jsonMode(),
        request.messageCount(),
        request.promptTokens());
  }

  private void tell(Exchange exchange, Classification told) {
    Category otherwise = otherwise(exchange.getMessage().getHeader(DEFAULT));
    Classification found = told.orElse(otherwise, threshold);
    Variables.CLASSIFICATION.set(exchange, found);
    Variables.CATEGORY.set(exchange, found.category().wireName());
    Variables.COMPLEXITY.set(exchange, found.complexity());
    Variables.CONFIDENCE.set(exchange, found.confidence());
    Variables.LANGUAGE.set(exchange, found.language());
  }

  private static Category otherwise(@Nullable Object header) {
    if (header == null) {
      return Category.GENERAL_CHAT;
    }
    Category named = Category.ofText(header.toString().strip());
    if (named == null) {
      throw ApiException.invalidRequest(
          "The header X-Default-Category must be one of %s."
              .formatted(
                  Category.OF_TEXT.stream()
                      .map(Category::wireName)
                      .collect(Collectors.joining(", "))),
          DEFAULT);
    }
    return named;
  }
}
