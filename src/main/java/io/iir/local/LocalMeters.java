package io.iir.local;

import io.iir.metrics.Meters;
import io.iir.provider.Model;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What is measured of models that are started on demand. Thread-safe. */
final class LocalMeters {

  private static final List<Model.State> STATES =
      List.of(Model.State.STOPPED, Model.State.LOADING, Model.State.READY, Model.State.FAILED);

  private final MeterRegistry registry;

  LocalMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Shows the state of {@code model}: of the gauges of its states, one is 1. */
  void watch(LocalModel model) {
    for (Model.State state : STATES) {
      Gauge.builder(Meters.LOCAL_STATE.id(), model, now -> now.state() == state ? 1 : 0)
          .tag("model", model.id())
          .tag("state", state.word())
          .register(registry);
    }
    Gauge.builder(Meters.LOCAL_USERS.id(), model, LocalModel::users)
        .tag("model", model.id())
        .register(registry);
  }

  void started(LocalModel model, long nanos) {
    Timer.builder(Meters.LOCAL_LOAD_DURATION.id())
        .tag("model", model.id())
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
    count(model, "ready");
  }

  void failed(LocalModel model) {
    count(model, "failed");
  }

  void crashed(LocalModel model) {
    count(model, "crashed");
  }

  private void count(LocalModel model, String outcome) {
    Counter.builder(Meters.LOCAL_STARTS.id())
        .tag("model", model.id())
        .tag("outcome", outcome)
        .register(registry)
        .increment();
  }
}
