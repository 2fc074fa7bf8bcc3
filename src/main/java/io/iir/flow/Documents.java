package io.iir.flow;

import io.iir.metrics.MeterReading;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.provider.ModelsJson;
import io.iir.provider.ProviderDirectory;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;

/** What the entries answer that only show something: models, meters, the API's description. */
@Configuration(proxyBeanMethods = false)
public class Documents {

  private static final String MODEL_PATH = "/v1/models/";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  /** The answer of {@code GET /v1/models}. */
  @Bean
  Processor modelList(ProviderDirectory directory) {
    return exchange -> json(exchange, ModelsJson.list(directory.models(), usable(exchange)));
  }

  /** The answer of {@code GET /v1/models/{id}}: of a model that the key may not use, none. */
  @Bean
  Processor modelDetails(ProviderDirectory directory) {
    return exchange -> {
      String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
      String id = decode(path.substring(MODEL_PATH.length()));
      Predicate<String> usable = usable(exchange);
      if (!usable.test(id)) {
        throw new ApiException(
            ApiError.invalid(
                404,
                "model_not_found",
                "there is no model '%s' that this key may use".formatted(id),
                "model"));
      }
      json(exchange, ModelsJson.one(directory.model(id, usable)));
    };
  }

  /** The answer of {@code GET /metrics}, in OpenMetrics' form where the client knows it. */
  @Bean
  Processor metricsReport(PrometheusMeterRegistry registry, List<MeterReading> readings) {
    return exchange -> {
      String accept = exchange.getMessage().getHeader("accept", "", String.class);
      String type = accept.contains("application/openmetrics-text") ? OPEN_METRICS : PROMETHEUS;
      readings.forEach(MeterReading::read);
      ByteArrayOutputStream text = new ByteArrayOutputStream(64 << 10);
      registry.scrape(text, type);
      exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
      exchange.getMessage().setBody(text.toByteArray());
    };
  }

  /** The answer of {@code GET /openapi.yaml}. */
  @Bean
  Processor openapiDocument() throws IOException {
    byte[] document = new ClassPathResource("openapi.yaml").getContentAsByteArray();
    return exchange -> {
      exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/yaml");
      exchange.getMessage().setBody(document);
    };
  }

  private static Predicate<String> usable(Exchange exchange) {
    return Variables.PRINCIPAL.get(exchange)::mayCall;
  }

  private static String decode(String escaped) {
    try {
      return URLDecoder.decode(escaped.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalidRequest("the path has a broken % escape", "model");
    }
  }

  private static void json(Exchange exchange, byte[] body) {
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().setBody(body);
  }
}
