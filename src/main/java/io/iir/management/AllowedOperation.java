package io.iir.management;

import io.iir.config.StartException;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/**
 * Operations that may be called: of the MBeans that {@code beans} names, which may be a pattern,
 * those of the name {@code operation}, with or without a signature behind it, or all ({@code *}).
 */
record AllowedOperation(ObjectName beans, String operation) {

  private static final String ALL = "*";

  /**
   * Reads {@code <MBean or pattern>/<operation>}.
   *
   * @throws StartException if it is none
   */
  static AllowedOperation parse(String text) {
    int slash = text.lastIndexOf('/');
    try {
      return new AllowedOperation(
          new ObjectName(text.substring(0, slash)), text.substring(slash + 1));
    } catch (MalformedObjectNameException e) {
      throw new StartException(
          "iir.management.operations = '%s' names no MBean: %s.".formatted(text, e.getMessage()),
          "Write '<MBean or pattern>/<operation>', such as 'io.iir:type=Provider,*/drain'.",
          e);
    }
  }

  /** True if it means {@code called}, {@code name} or {@code name(type,…)}, of {@code bean}. */
  boolean allows(ObjectName bean, String called) {
    return (operation.equals(ALL) || operation.equals(called) || operation.equals(name(called)))
        && beans.apply(bean);
  }

  private static String name(String called) {
    int bracket = called.indexOf('(');
    return bracket < 0 ? called : called.substring(0, bracket);
  }
}
