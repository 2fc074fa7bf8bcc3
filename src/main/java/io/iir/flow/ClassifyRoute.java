package io.iir.flow;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The step {@code classify}: sets the facts that routing rules ask about. */
@Component
public final class ClassifyRoute extends RouteBuilder {

  private final RequestClassification classification;
  private final SecondOpinion secondOpinion;

  /** A step that classifies by {@code classification}, where it is unsure by both. */
  public ClassifyRoute(RequestClassification classification, SecondOpinion secondOpinion) {
    this.classification = classification;
    this.secondOpinion = secondOpinion;
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
        .id("classify.second-opinion");
  }
}
