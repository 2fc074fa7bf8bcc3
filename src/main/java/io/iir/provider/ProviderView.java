package io.iir.provider;

import io.iir.provider.ProviderReport.EndpointReport;
import io.iir.provider.ProviderReport.ErrorReport;
import io.iir.provider.ProviderReport.KeyReport;
import io.iir.provider.ProviderReport.ModelReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A provider, as JMX shows it. */
final class ProviderView implements ProviderMXBean {

  private static final String CLOSED = "closed";

  private final String name;
  private final ProviderHealth health;

  ProviderView(String name, ProviderHealth health) {
    this.name = name;
    this.health = health;
  }

  private ProviderReport report() {
    ProviderReport report = health.report(name);
    if (report == null) {
      throw new IllegalStateException("there is no provider '%s' any more".formatted(name));
    }
    return report;
  }

  @Override
  public String getState() {
    return report().state().word();
  }

  @Override
  public int getInFlight() {
    return report().inFlight();
  }

  @Override
  public List<String> getFailingModels() {
    return report().models().stream()
        .filter(model -> !model.breaker().equals(CLOSED))
        .map(ModelReport::id)
        .toList();
  }

  @Override
  public List<String> getFailingEndpoints() {
    return report().endpoints().stream()
        .filter(endpoint -> !endpoint.breaker().equals(CLOSED))
        .map(EndpointReport::url)
        .map(String::valueOf)
        .toList();
  }

  @Override
  public List<String> getCooledKeys() {
    return report().keys().stream().filter(KeyReport::cooled).map(KeyReport::id).toList();
  }

  @Override
  public @Nullable String getLastError() {
    ErrorReport error = report().lastError();
    return error == null ? null : error.at() + " " + error.what();
  }

  @Override
  public void drain() {
    health.drain(name);
  }

  @Override
  public void enable() {
    health.enable(name);
  }
}
