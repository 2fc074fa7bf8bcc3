package io.iir.management;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;

/**
 * What Jolokia may do: look, and what the operator has allowed besides. It sees the MBeans of Java,
 * Camel and the gateway, without what they might tell of secrets or of what clients say, and calls
 * none of their operations but those that only tell something. Thread-safe.
 */
final class LookOnly implements Restrictor {

  private static final Set<String> DOMAINS =
      Set.of("java.lang", "java.nio", "org.apache.camel", "io.iir");

  private static final Set<RequestType> TYPES =
      Set.of(
          RequestType.READ,
          RequestType.LIST,
          RequestType.SEARCH,
          RequestType.VERSION,
          RequestType.EXEC);

  /** A command line and system properties may hold keys. */
  private static final Set<String> SECRETIVE = Set.of("SystemProperties", "InputArguments");

  /** With signatures where another of the same name would put values for placeholders. */
  static final List<AllowedOperation> LOOKS =
      Stream.of(
              "org.apache.camel:type=context,*/dumpRoutesAsXml()",
              "org.apache.camel:type=context,*/dumpRoutesStatsAsXml",
              "org.apache.camel:type=context,*/componentNames",
              "org.apache.camel:type=routes,*/dumpRouteAsXml()",
              "org.apache.camel:type=routes,*/dumpRouteStatsAsXml",
              "org.apache.camel:type=services,*/browse",
              "org.apache.camel:type=services,*/endpointStatistics",
              "org.apache.camel:type=services,*/listTypeConverters",
              "org.apache.camel:type=services,*/listRestServices",
              "java.lang:type=Threading/dumpAllThreads",
              "java.lang:type=Threading/findDeadlockedThreads")
          .map(AllowedOperation::parse)
          .toList();

  private final List<AllowedOperation> allowed;

  /** Allows {@code more} than to look. */
  LookOnly(List<AllowedOperation> more) {
    this.allowed = List.copyOf(more);
  }

  /** True if {@code operation} of {@code bean} only tells something. */
  boolean looks(ObjectName bean, String operation) {
    return isOne(bean) && LOOKS.stream().anyMatch(each -> each.allows(bean, operation));
  }

  @Override
  public boolean isOperationAllowed(ObjectName bean, String operation) {
    return looks(bean, operation)
        || (isOne(bean) && allowed.stream().anyMatch(each -> each.allows(bean, operation)));
  }

  /** Which of the rules on operations are for {@code bean}: where equal, the same may be done. */
  String rights(ObjectName bean) {
    return Stream.concat(LOOKS.stream(), allowed.stream())
        .map(each -> each.beans().apply(bean) ? "1" : "0")
        .collect(Collectors.joining());
  }

  /** Of a pattern it could not be said which MBeans it means when it is called. */
  private static boolean isOne(ObjectName bean) {
    return !bean.isPattern();
  }

  @Override
  public boolean isAttributeReadAllowed(ObjectName bean, String attribute) {
    return !isObjectNameHidden(bean) && !SECRETIVE.contains(attribute);
  }

  @Override
  public boolean isAttributeWriteAllowed(ObjectName bean, String attribute) {
    return false;
  }

  /** Camel's tracer and debugger show messages: what clients say. */
  @Override
  public boolean isObjectNameHidden(ObjectName bean) {
    boolean shown =
        DOMAINS.contains(bean.getDomain()) && !"tracer".equals(bean.getKeyProperty("type"));
    return isOne(bean) && !shown && allowed.stream().noneMatch(each -> each.beans().apply(bean));
  }

  @Override
  public boolean isTypeAllowed(RequestType type) {
    return TYPES.contains(type);
  }

  @Override
  public boolean isHttpMethodAllowed(HttpMethod method) {
    return method == HttpMethod.GET || method == HttpMethod.POST;
  }

  /** {@link ManagementAccess} has looked at who asks. */
  @Override
  public boolean isRemoteAccessAllowed(String... hosts) {
    return true;
  }

  /** {@link ManagementAccess} has looked at where it comes from. */
  @Override
  public boolean isOriginAllowed(String origin, boolean onlyWhenStrict) {
    return true;
  }
}
