package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.Gateway;
import java.lang.management.ManagementFactory;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What an operator sees over JMX, and so in Hawtio: every step and node by its name. */
class JmxIT {

  private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();

  @Test
  void countsEachStepAndNamesEachNode() throws Exception {
    try (Gateway gateway = Gateway.start()) {
      gateway.chat(
          """
          {"model":"sim/echo","messages":[{"role":"user","content":"Hello"}]}\
          """);
      for (String step : FlowRoutePolicies.STEPS) {
        assertThat(beans.getAttribute(name("routes", step), "ExchangesCompleted"))
            .as(step)
            .isEqualTo(1L);
      }
      assertThat(
              beans.invoke(name("routes", "backend-call"), "dumpRouteAsXml", null, null).toString())
          .contains("id=\"backend-call.http\"");
    }
  }

  private static ObjectName name(String type, String id) throws Exception {
    return new ObjectName("org.apache.camel:context=iir,type=%s,name=\"%s\"".formatted(type, id));
  }
}
