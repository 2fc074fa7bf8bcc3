package io.iir.local;

import io.iir.jmx.ShownBeans;

/** Shows models that are started on demand in JMX. */
final class LocalModelBeans implements AutoCloseable {

  private final ShownBeans beans = new ShownBeans();

  /** Shows {@code models} until it is closed. */
  LocalModelBeans(LocalModels models) {
    for (LocalModel model : models.list()) {
      beans.show(
          "LocalModel", model.id(), new LocalModelView(model, models), LocalModelMXBean.class);
    }
  }

  @Override
  public void close() {
    beans.close();
  }
}
