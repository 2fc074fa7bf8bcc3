package io.iir.flow;

import org.apache.camel.FailedToCreateRouteException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says in a sentence which route Camel cannot make, and why. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class RouteFailureAnalyzer extends AbstractFailureAnalyzer<FailedToCreateRouteException> {

  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, FailedToCreateRouteException cause) {
    return new FailureAnalysis(
        "The route '%s' cannot be started: %s.".formatted(cause.getRouteId(), reason(cause)),
        "Mend its file in the folder of routes (IIR_ROUTES_DIR), or take it away: then the one that"
            + " ships with the gateway is used.",
        cause);
  }

  /** What lies at the root of {@code failure}, in one line without its full stop. */
  static String reason(Throwable failure) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return message.strip().lines().findFirst().orElse("").strip().replaceAll("[.:]$", "");
  }
}
