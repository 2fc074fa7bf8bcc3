package io.iir.flow;

import io.iir.config.IirProperties;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * The pages under {@code /docs}: Swagger UI over the API's description, which lies beside them as
 * {@code /docs/openapi.yaml}. They hold nothing of this gateway's, so they need no key; what is
 * tried out there does. Thread-safe.
 */
@Component("apiPages")
public final class ApiPages implements Processor {

  private static final String ROOT = "/docs";
  private static final String DESCRIPTION = "openapi.yaml";

  /** Scripts and requests of this gateway alone; Swagger UI writes styles into its elements. */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
              + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none';"
              + " frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer");

  /** Not looked for before a page is asked for. */
  private static final class Swagger {
    static final StaticFiles FILES = SwaggerUi.files(HEADERS);
  }

  private final boolean shown;
  private final StaticFiles own = new StaticFiles("docs", HEADERS);
  private final StaticFiles description = new StaticFiles("", HEADERS);

  /** Pages that are there if {@code properties} want them. */
  public ApiPages(IirProperties properties) {
    this.shown = properties.server().docs();
  }

  @Override
  public void process(Exchange exchange) {
    String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
    if (!shown) {
      throw nothing(path);
    }
    if (path.equals(ROOT + "/") || path.equals(ROOT + "/index.html")) { // its links are ROOT's
      Variables.ANSWER_HEADERS.set(exchange, Map.of("Location", "../docs"));
      exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 308);
      exchange.getMessage().setBody(new byte[0]);
    } else if (path.equals(ROOT)) {
      own.answer(exchange, "index.html");
    } else if (path.startsWith(ROOT + "/")) {
      file(exchange, path.substring(ROOT.length() + 1));
    } else {
      throw nothing(path);
    }
  }

  private static ApiException nothing(String path) {
    return new ApiException(
        ApiError.invalid(
            404,
            "not_found",
            "there is nothing at %s; GET /openapi.yaml lists what there is".formatted(path),
            null));
  }

  private void file(Exchange exchange, String name) {
    if (name.equals(DESCRIPTION)) {
      description.answer(exchange, name);
    } else if (own.has(name)) {
      own.answer(exchange, name);
    } else {
      Swagger.FILES.answer(exchange, name);
    }
  }
}
