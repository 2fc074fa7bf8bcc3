package io.iir.house;

import io.iir.testing.FreePort;
import io.iir.testing.Gateway;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands one running gateway to all rule tests that ask for it; it is closed when they are done. */
final class OneGateway implements ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(OneGateway.class);

  private record Running(Gateway gateway) implements ExtensionContext.Store.CloseableResource {
    @Override
    public void close() throws Exception {
      gateway.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType().equals(Gateway.class);
  }

  @Override
  public Gateway resolveParameter(ParameterContext parameter, ExtensionContext test) {
    return test.getRoot()
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(Gateway.class, type -> new Running(start()), Running.class)
        .gateway();
  }

  /** With all routes, those of the management port too. */
  private static Gateway start() {
    return Gateway.start("iir.management.port=" + FreePort.find());
  }
}
