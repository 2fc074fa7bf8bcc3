package io.iir.local;

import org.jspecify.annotations.Nullable;

/** A model that is started on demand, as JMX shows it. */
final class LocalModelView implements LocalModelMXBean {

  private final LocalModel model;
  private final LocalModels models;

  LocalModelView(LocalModel model, LocalModels models) {
    this.model = model;
    this.models = models;
  }

  @Override
  public String getState() {
    return model.state().word();
  }

  @Override
  public @Nullable String getFailure() {
    return model.failure();
  }

  @Override
  public int getUsers() {
    return model.users();
  }

  @Override
  public long getStarts() {
    return model.starts();
  }

  @Override
  public @Nullable Long getPid() {
    return model.pid();
  }

  @Override
  public @Nullable String getAddress() {
    return model.address();
  }

  @Override
  public void start() {
    Lease lease = models.acquire(model);
    lease.ready().whenComplete((url, failure) -> lease.release());
  }

  @Override
  public boolean stop() {
    return models.stop(model);
  }
}
