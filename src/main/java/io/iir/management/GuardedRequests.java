package io.iir.management;

import java.io.IOException;
import java.util.function.BiConsumer;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.request.JolokiaExecRequest;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.request.NotChangedException;
import org.jolokia.service.jmx.LocalRequestHandler;

/**
 * Jolokia's access to MBeans, which refuses in words what is not allowed, calls nothing by GET, and
 * does nothing that changes something before it is in the audit log. Thread-safe.
 */
final class GuardedRequests extends LocalRequestHandler {

  /** Bound while a GET is answered, in whichever form it asks. */
  static final ScopedValue<Boolean> BY_GET = ScopedValue.newInstance();

  private static final int ORDER = 1;

  private final LookOnly policy;
  private final BiConsumer<ObjectName, String> audit;

  /** Access within {@code policy}; {@code audit} writes down an MBean and its operation. */
  GuardedRequests(LookOnly policy, BiConsumer<ObjectName, String> audit) {
    super(ORDER);
    this.policy = policy;
    this.audit = audit;
  }

  @Override
  public <R extends JolokiaRequest> Object handleRequest(R request, Object previous)
      throws IOException,
          JMException,
          NotChangedException,
          BadRequestException,
          EmptyResponseException {
    if (request.getOption("target") != null) {
      throw new SecurityException(
          "this gateway asks no other for MBeans: send the request without 'target'");
    }
    if (!policy.isTypeAllowed(request.getType())) {
      throw new SecurityException(
          "'%s' is not answered here: this gateway's MBeans are for looking"
              .formatted(request.getType().getName()));
    }
    if (request instanceof JolokiaExecRequest exec) {
      check(exec);
    }
    return super.handleRequest(request, previous);
  }

  private void check(JolokiaExecRequest exec) {
    ObjectName bean = exec.getObjectName();
    String operation = exec.getOperation();
    if (BY_GET.isBound()) {
      throw new SecurityException(
          "%s of %s is not called by GET, which may come from a link: POST the request"
              .formatted(operation, exec.getObjectNameAsString()));
    }
    if (!policy.isOperationAllowed(bean, operation)) {
      throw new SecurityException(
          "%s of %s is not called here; an operator allows it by iir.management.operations"
              .formatted(operation, exec.getObjectNameAsString()));
    }
    if (!policy.looks(bean, operation)) {
      audit.accept(bean, operation);
    }
  }
}
