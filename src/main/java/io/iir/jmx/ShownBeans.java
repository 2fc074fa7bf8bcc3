package io.iir.jmx;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows objects over JMX, under {@code io.iir:type=…}, until it is closed. A name that is taken, as
 * by another gateway of the same process, is left to whoever has it. Thread-safe.
 */
public final class ShownBeans implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShownBeans.class);

  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final List<ObjectName> shown = new CopyOnWriteArrayList<>();

  /** Shows {@code view} as {@code io.iir:type=<type>}. */
  public <T> void show(String type, T view, Class<T> as) {
    register("type=" + type, view, as);
  }

  /** Shows {@code view} as {@code io.iir:type=<type>,name="<name>"}. */
  public <T> void show(String type, String name, T view, Class<T> as) {
    register("type=" + type + ",name=" + ObjectName.quote(name), view, as);
  }

  private <T> void register(String keys, T view, Class<T> as) {
    try {
      ObjectName name = new ObjectName("io.iir:" + keys);
      server.registerMBean(new DescribedBean(view, as), name);
      shown.add(name);
    } catch (JMException e) {
      LOG.warn("{} is not shown in JMX: {}", keys, e.toString());
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
    shown.clear();
  }
}
