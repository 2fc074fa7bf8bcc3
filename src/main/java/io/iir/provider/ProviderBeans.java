package io.iir.provider;

import io.iir.jmx.ShownBeans;
import java.util.List;

/** Shows providers in JMX. */
final class ProviderBeans implements AutoCloseable {

  private final ShownBeans beans = new ShownBeans();

  /** Shows the providers of {@code names} until it is closed. */
  ProviderBeans(List<String> names, ProviderHealth health) {
    for (String name : names) {
      beans.show("Provider", name, new ProviderView(name, health), ProviderMXBean.class);
    }
  }

  @Override
  public void close() {
    beans.close();
  }
}
