package io.iir.flow;

import io.iir.classify.Classification;
import io.iir.metrics.ClassificationMeters;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The step {@code classify}: sets the facts that routing rules ask about. */
@Component
public final class ClassifyRoute extends RouteBuilder {

  private final RequestClassification classification;
  private final ClassificationMeters meters;

  /** A step that classifies by {@code classification} and counts in {@code meters}. */
  public ClassifyRoute(RequestClassification classification, ClassificationMeters meters) {
    this.classification = classification;
    this.meters = meters;
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
    classification.process(exchange);
    Classification found = Variables.CLASSIFICATION.find(exchange);
    if (found != null) {
      meters.count(found.category().ordinal(), found.stage());
    }
  }
}
