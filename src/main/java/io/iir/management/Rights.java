package io.iir.management;

import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.ObjectName;
import org.jolokia.json.JSONObject;
import org.jolokia.server.core.service.api.DataUpdater;

/**
 * Tells Hawtio with each list of MBeans what may be done with them, so that it shows no button that
 * would be refused. Stateless.
 */
final class Rights extends DataUpdater {

  private static final int LAST = 1000;
  private static final String BY_SIGNATURE = "opByString";
  private static final String CAN_INVOKE = "canInvoke";

  private final LookOnly policy;

  /** The rights that {@code policy} gives. */
  Rights(LookOnly policy) {
    super(LAST);
    this.policy = policy;
  }

  @Override
  public String getKey() {
    return BY_SIGNATURE;
  }

  @Override
  public void update(
      Map<String, Object> described, ObjectName bean, MBeanInfo info, Deque<String> path) {
    JSONObject bySignature = new JSONObject();
    for (MBeanOperationInfo operation : info.getOperations()) {
      boolean may = policy.isOperationAllowed(bean, signature(operation));
      JSONObject right = new JSONObject();
      right.put(CAN_INVOKE, may);
      bySignature.put(signature(operation), right);
    }
    described.put(BY_SIGNATURE, bySignature);
    if (described.get("op") instanceof Map<?, ?> operations) {
      operations.forEach((name, operation) -> mark(bean, name.toString(), operation));
    }
    if (described.get("attr") instanceof Map<?, ?> attributes) {
      attributes.values().forEach(Rights::readOnly);
    }
  }

  @Override
  public void update(
      Map<String, Object> described,
      ObjectName bean,
      MBeanInfo info,
      Deque<String> path,
      boolean openTypes) {
    update(described, bean, info, path);
  }

  private void mark(ObjectName bean, String name, Object described) {
    List<?> overloads = described instanceof List<?> several ? several : List.of(described);
    for (Object overload : overloads) {
      if (overload instanceof JSONObject one) {
        one.put(CAN_INVOKE, policy.isOperationAllowed(bean, name + arguments(one)));
      }
    }
  }

  private static String arguments(JSONObject operation) {
    List<?> arguments = operation.get("args") instanceof List<?> some ? some : List.of();
    return arguments.stream()
        .map(each -> each instanceof Map<?, ?> argument ? String.valueOf(argument.get("type")) : "")
        .collect(Collectors.joining(",", "(", ")"));
  }

  private static String signature(MBeanOperationInfo operation) {
    return Arrays.stream(operation.getSignature())
        .map(MBeanParameterInfo::getType)
        .collect(Collectors.joining(",", operation.getName() + "(", ")"));
  }

  private static void readOnly(Object attribute) {
    if (attribute instanceof JSONObject described) {
      described.put("rw", false);
    }
  }
}
