package io.iir.registry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.StartupListener;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The registry's tables by camel-sql: a route for each transaction. They block: called on a virtual
 * thread.
 */
@Component
public class RegistryStoreRoute extends RouteBuilder implements RegistryStore, StartupListener {

  private static final String SQL = "sql:classpath:sql/registry/";
  private static final String LIST = "?outputType=SelectList";
  private static final String PROVIDER = "provider";
  private static final String MODELS = "models";
  private static final String GONE = "gone";
  private static final String HARDWARE = "hardware";
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch started = new CountDownLatch(1);
  private volatile @Nullable ProducerTemplate routes;

  @Override
  public void configure() throws Exception {
    getContext().addStartupListener(this);

    from("direct:registry-list")
        .routeId("registry-list")
        .description("Writes a provider and its models, all or nothing")
        .errorHandler(noErrorHandler())
        .transacted()
        .id("registry-list.transaction")
        .setProperty(MODELS, body())
        .id("registry-list.keep")
        .setBody(header(PROVIDER))
        .id("registry-list.row")
        // First: gateways that share the database then write a provider's models one by one.
        .to(SQL + "upsert-provider.sql?noop=true")
        .id("registry-list.provider")
        .setBody(exchangeProperty(MODELS))
        .id("registry-list.rows")
        .to(SQL + "upsert-model.sql?batch=true&noop=true")
        .id("registry-list.models")
        .setBody(header(GONE))
        .id("registry-list.left")
        .to(SQL + "mark-gone.sql?batch=true&noop=true")
        .id("registry-list.gone");

    from("direct:registry-hardware")
        .routeId("registry-hardware")
        .description("Writes hardware and what is recommended for it, all or nothing")
        .errorHandler(noErrorHandler())
        .transacted()
        .id("registry-hardware.transaction")
        .setProperty("recommendations", body())
        .id("registry-hardware.keep")
        .setBody(header(HARDWARE))
        .id("registry-hardware.row")
        .to(SQL + "insert-hardware.sql?noop=true")
        .id("registry-hardware.insert")
        .setBody(exchangeProperty("recommendations"))
        .id("registry-hardware.rows")
        .to(SQL + "insert-recommendation.sql?batch=true&noop=true")
        .id("registry-hardware.recommendations")
        .to(SQL + "prune-hardware.sql?noop=true")
        .id("registry-hardware.prune");

    from("direct:registry-refresh-write")
        .routeId("registry-refresh-write")
        .description("Writes that there was a refresh")
        .errorHandler(noErrorHandler())
        .transacted()
        .id("registry-refresh-write.transaction")
        .to(SQL + "insert-refresh.sql?noop=true")
        .id("registry-refresh-write.insert")
        .to(SQL + "prune-refreshes.sql?noop=true")
        .id("registry-refresh-write.prune");
  }

  @Override
  public void onCamelContextStarted(CamelContext context, boolean alreadyStarted) {}

  @Override
  public void onCamelContextFullyStarted(CamelContext context, boolean alreadyStarted) {
    routes = context.createProducerTemplate();
    started.countDown();
  }

  @Override
  public boolean isOpen() {
    awaitStart();
    return getContext().isStarted();
  }

  @Override
  @SuppressWarnings("unchecked") // what camel-sql's SelectList is documented to give
  public List<Map<String, Object>> read(Rows rows, String about) {
    return routes().requestBody(SQL + file(rows) + LIST, about, List.class);
  }

  private static String file(Rows rows) {
    return switch (rows) {
      case MODELS -> "select-models.sql";
      case PROVIDERS -> "select-providers.sql";
      case HARDWARE -> "select-hardware.sql";
      case RECOMMENDATIONS -> "select-recommendations.sql";
      case LAST_REFRESH -> "select-last-refresh.sql";
    };
  }

  @Override
  public void list(
      Map<String, @Nullable Object> provider,
      List<Map<String, @Nullable Object>> models,
      List<Map<String, @Nullable Object>> gone) {
    routes()
        .sendBodyAndHeaders(
            "direct:registry-list",
            models.stream().map(RegistryStoreRoute::storable).toList(),
            Map.of(PROVIDER, storable(provider), GONE, gone));
  }

  @Override
  public void hardware(
      Map<String, @Nullable Object> hardware, List<Map<String, @Nullable Object>> recommendations) {
    routes().sendBodyAndHeader("direct:registry-hardware", recommendations, HARDWARE, hardware);
  }

  @Override
  public void refresh(Map<String, @Nullable Object> refresh) {
    routes().sendBody("direct:registry-refresh-write", refresh);
  }

  /** What providers say may hold U+0000, which PostgreSQL's text cannot. */
  private static Map<String, @Nullable Object> storable(Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> storable = new HashMap<>(row);
    storable.replaceAll(
        (column, value) -> value instanceof String text ? text.replace('\0', '\ufffd') : value);
    return storable;
  }

  /** What hands messages to routes, once these run. */
  private ProducerTemplate routes() {
    awaitStart();
    return Objects.requireNonNull(routes);
  }

  private void awaitStart() {
    try {
      if (!started.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the routes of the registry's tables have not started");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the gateway stops", e);
    }
  }
}
