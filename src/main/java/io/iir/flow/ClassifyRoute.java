package io.iir.flow;

import io.iir.api.ClientApi;
import io.iir.classify.Classification;
import io.iir.metrics.ClassificationMeters;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The step {@code classify}: sets the facts that routing rules ask about. */
@Component
public final class ClassifyRoute extends RouteBuilder {

  private final RequestClassification classification;
  private final SecondOpinion secondOpinion;
  private final ClassificationMeters meters;

  /**
   * A step that classifies by {@code classification}, where that is unsure by both, and counts in
   * {@code meters}.
   */
  public ClassifyRoute(
      RequestClassification classification,
      SecondOpinion secondOpinion,
      ClassificationMeters meters) {
    this.classification = classification;
    this.secondOpinion = secondOpinion;
    this.meters = meters;
  }

  @Override
  public void configure() {
    from("direct:classify")
        .routeId("classify")
        .description("Tell what is asked for, how hard it is, and which model was named")
        .errorHandler(noErrorHandler())
        .process(classification)
        .id("classify.facts")
        .process(secondOpinion)
        .id("classify.second-opinion")
        .process(this::count)
        .id("classify.count");
  }

  /** Whether a model is to answer the request, and not to count its tokens alone. */
  static boolean isToBeAnswered(Exchange exchange) {
    ClientApi api = Variables.API.find(exchange);
    return api == null || api.isAnswered();
  }

  private void count(Exchange exchange) {
    Classification found = Variables.CLASSIFICATION.find(exchange);
    if (found != null && isToBeAnswered(exchange)) {
      meters.count(found.category().wireName(), found.stage());
    }
  }
}
