package io.iir.local;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows models that are started on demand in JMX. */
final class LocalModelBeans implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LocalModelBeans.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final List<ObjectName> names = new ArrayList<>();

  /** Shows {@code models} until it is closed. */
  LocalModelBeans(LocalModels models) {
    for (LocalModel model : models.list()) {
      try {
        ObjectName name =
            new ObjectName("io.iir:type=LocalModel,name=" + ObjectName.quote(model.id()));
        server.registerMBean(new LocalModelView(model, models), name);
        names.add(name);
      } catch (JMException e) {
        LOG.warn("{} is not shown in JMX: {}", model.id(), e.toString());
      }
    }
  }

  @Override
  public void close() {
    for (ObjectName name : names) {
      try {
        server.unregisterMBean(name);
      } catch (JMException e) {
        LOG.debug("{} was not shown in JMX any more", name, e);
      }
    }
  }
}
