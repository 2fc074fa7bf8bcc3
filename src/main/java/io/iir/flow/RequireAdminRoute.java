package io.iir.flow;

import io.iir.auth.Role;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.stereotype.Component;

/** The step {@code require-admin}: lets the administrator's key pass and no other. */
@Component
public class RequireAdminRoute extends RouteBuilder {

  private static final ApiError ADMIN_REQUIRED =
      ApiError.invalid(
          403,
          "admin_required",
          "This key may call models only; administration needs the administrator's key.",
          null);

  @Override
  public void configure() {
    from("direct:require-admin")
        .routeId("require-admin")
        .description("Refuses with 403 whoever is not the administrator")
        .errorHandler(noErrorHandler())
        .process(RequireAdminRoute::check)
        .id("require-admin.check");
  }

  private static void check(Exchange exchange) {
    if (Variables.PRINCIPAL.get(exchange).role() != Role.ADMIN) {
      throw new ApiException(ADMIN_REQUIRED);
    }
  }
}
