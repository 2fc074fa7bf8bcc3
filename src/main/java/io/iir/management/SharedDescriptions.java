package io.iir.management;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanInfo;
import javax.management.ObjectInstance;
import javax.management.ObjectName;
import org.jolokia.service.jmx.api.CacheKeyProvider;
import org.jspecify.annotations.Nullable;

/**
 * Lets lists of MBeans describe alike ones once, where the client can read that: those of the same
 * class and features, with which the same may be done. Without it most of a list is what it said of
 * another route before. Thread-safe.
 */
final class SharedDescriptions extends CacheKeyProvider {

  private static final int ORDER = 1;

  private final LookOnly policy;

  /** Descriptions that hold what {@code policy} allows. */
  SharedDescriptions(LookOnly policy) {
    super(ORDER);
    this.policy = policy;
  }

  @Override
  public @Nullable String determineKey(ObjectInstance instance) {
    ObjectName bean = instance.getObjectName();
    try {
      MBeanInfo info = ManagementFactory.getPlatformMBeanServer().getMBeanInfo(bean);
      return "%s:%s:%s:%x:%s"
          .formatted(
              bean.getDomain(),
              bean.getKeyProperty("type"),
              instance.getClassName(),
              info.hashCode(),
              policy.rights(bean));
    } catch (JMException e) {
      return null; // it has gone meanwhile
    }
  }
}
