package io.iir.provider;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows providers in JMX. */
final class ProviderBeans implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ProviderBeans.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final List<ObjectName> shown = new ArrayList<>();

  /** Shows the providers of {@code names} until it is closed. */
  ProviderBeans(List<String> names, ProviderHealth health) {
    for (String name : names) {
      try {
        ObjectName as = new ObjectName("io.iir:type=Provider,name=" + ObjectName.quote(name));
        server.registerMBean(new ProviderView(name, health), as);
        shown.add(as);
      } catch (JMException e) {
        LOG.warn("provider {} is not shown in JMX: {}", name, e.toString());
      }
    }
  }

  @Override
  public void close() {
    for (ObjectName name : shown) {
      try {
        server.unregisterMBean(name);
      } catch (JMException e) {
        LOG.debug("{} was not shown in JMX any more", name, e);
      }
    }
  }
}
