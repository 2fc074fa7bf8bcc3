package io.iir.admin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.provider.ProviderReport;
import io.iir.provider.ProviderReport.EndpointReport;
import io.iir.provider.ProviderReport.ErrorReport;
import io.iir.provider.ProviderReport.KeyReport;
import io.iir.provider.ProviderReport.ModelReport;
import io.iir.provider.ProviderReport.Percentiles;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** Providers' health as an administrator sees it. Pure functions. */
final class ProviderJson {

  private static final JsonMapper JSON = new JsonMapper();

  private ProviderJson() {}

  /** A list of providers; {@code waiting} tells how many calls to each wait for a connection. */
  static ObjectNode of(List<ProviderReport> reports, ToIntFunction<String> waiting) {
    ObjectNode view = JSON.createObjectNode().put("object", "list");
    ArrayNode data = view.putArray("data");
    reports.forEach(report -> data.add(of(report, waiting)));
    return view;
  }

  /** One provider. */
  static ObjectNode of(ProviderReport report, ToIntFunction<String> waiting) {
    ObjectNode view =
        JSON.createObjectNode()
            .put("name", report.name())
            .put("object", "provider")
            .put("protocol", report.protocol())
            .put("state", report.state().word())
            .put("in_flight", report.inFlight())
            .put("waiting", waiting.applyAsInt(report.name()));
    ArrayNode endpoints = view.putArray("endpoints");
    report.endpoints().forEach(each -> endpoints.add(of(each)));
    ArrayNode keys = view.putArray("keys");
    report.keys().forEach(each -> keys.add(of(each)));
    ArrayNode models = view.putArray("models");
    report.models().forEach(each -> models.add(of(each)));
    view.set("last_error", of(report.lastError()));
    return view;
  }

  private static ObjectNode of(EndpointReport endpoint) {
    return JSON.createObjectNode()
        .put("url", endpoint.url().toString())
        .put("breaker", endpoint.breaker())
        .put("in_flight", endpoint.inFlight())
        .put("latency_ms", rounded(endpoint.latencyMillis()));
  }

  private static ObjectNode of(KeyReport key) {
    return JSON.createObjectNode()
        .put("id", key.id())
        .put("state", key.cooled() ? "cooled" : "ok")
        .put("refused_with", key.refusedWith() == 0 ? null : key.refusedWith())
        .put("retry_after", key.cooled() ? key.retrySeconds() : null);
  }

  private static ObjectNode of(ModelReport model) {
    ObjectNode view =
        JSON.createObjectNode()
            .put("id", model.id())
            .put("breaker", model.breaker())
            .put("in_flight", model.inFlight());
    view.set("ttft_ms", of(model.firstTokenMillis()));
    view.set("tokens_per_second", of(model.tokensPerSecond()));
    view.set("last_error", of(model.lastError()));
    return view;
  }

  private static ObjectNode of(Percentiles percentiles) {
    return JSON.createObjectNode()
        .put("p50", rounded(percentiles.p50()))
        .put("p95", rounded(percentiles.p95()));
  }

  private static @Nullable ObjectNode of(@Nullable ErrorReport error) {
    return error == null
        ? null
        : JSON.createObjectNode().put("at", error.at().toString()).put("message", error.what());
  }

  private static @Nullable Double rounded(double value) {
    return Double.isNaN(value) ? null : Math.round(value * 100) / 100.0;
  }
}
