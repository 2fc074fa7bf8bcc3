package io.iir.flow;

import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.RequestShape;
import io.iir.openai.ChatRequest;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The step {@code classify}: sets the facts that routing rules ask about. */
@Component
public final class ClassifyRoute extends RouteBuilder {

  private final Classifier classifier;
  private final Wishes wishes;

  /** A step that asks {@code classifier} what is asked for and {@code wishes} of whom. */
  public ClassifyRoute(Classifier classifier, Wishes wishes) {
    this.classifier = classifier;
    this.wishes = wishes;
  }

  @Override
  public void configure() {
    from("direct:classify")
        .routeId("classify")
        .description("Tell what is asked for, how hard it is, and which model was named")
        .errorHandler(noErrorHandler())
        .process(this::classify)
        .id("classify.facts");
  }

  private void classify(Exchange exchange) {
    ChatRequest request = Variables.CHAT_REQUEST.get(exchange);
    Wishes.Wish wish =
        wishes.of(
            request.model(),
            exchange.getMessage().getHeader("x-routing-strategy"),
            Variables.PRINCIPAL.get(exchange)::mayCall);
    Variables.PROVIDER.set(exchange, wish.provider());
    Variables.MODEL.set(exchange, wish.model());
    Variables.STRATEGY.set(exchange, wish.strategy());
    Variables.PROMPT_TOKENS.set(exchange, request.promptTokens());
    Variables.MAX_TOKENS.set(exchange, Math.max(0, request.maxTokens()));
    Variables.STREAM.set(exchange, request.stream());
    Variables.HAS_TOOLS.set(exchange, request.hasTools());
    Variables.HAS_IMAGES.set(exchange, request.hasImages());
    Variables.JSON_MODE.set(exchange, request.jsonMode());
    Classification found =
        classifier.classify(
            request.text(),
            new RequestShape(
                request.hasTools(),
                request.hasImages(),
                request.jsonMode(),
                request.messageCount(),
                request.promptTokens()));
    Variables.CATEGORY.set(exchange, found.category().wireName());
    Variables.COMPLEXITY.set(exchange, found.complexity());
    Variables.CONFIDENCE.set(exchange, found.confidence());
    Variables.LANGUAGE.set(exchange, found.language());
  }
}
