package io.iir.flow;

import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The step {@code classify}: sets the facts that routing rules ask about. */
@Component
public final class ClassifyRoute extends RouteBuilder {

  private final RequestClassification classification;

  /** A step that classifies by {@code classification}. */
  public ClassifyRoute(RequestClassification classification) {
    this.classification = classification;
  }

  @Override
  public void configure() {
    from("direct:classify")
        .routeId("classify")
        .description("Tell what is asked for, how hard it is, and which model was named")
        .errorHandler(noErrorHandler())
        .process(classification)
        .id("classify.facts");
  }
}
