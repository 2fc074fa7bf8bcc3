package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.metrics.MeterClock;
import io.iir.testing.Gateway;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.Date;
import java.util.List;
import javax.management.MBeanInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.EventNotifier;
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

  /** Camel makes some twenty events of each request for whoever wants them. */
  @Test
  void nobodyIsToldOfExchanges() throws Exception {
    try (Gateway gateway = Gateway.start()) {
      assertThat(gateway.bean(CamelContext.class).getManagementStrategy().getEventNotifiers())
          .isNotEmpty()
          .allMatch(EventNotifier::isIgnoreExchangeEvents);
      assertThat(gateway.bean(MeterRegistry.class).config().clock()).isInstanceOf(MeterClock.class);
    }
  }

  /** Camel's own counters are off for a step: all that its bean tells comes from the step. */
  @Test
  @SuppressWarnings("JavaUtilDate") // Camel tells moments so
  void tellsOfAStepWhatCamelDoes() throws Exception {
    try (Gateway gateway = Gateway.start()) {
      ObjectName step = name("routes", "authenticate");
      long before = System.currentTimeMillis();
      assertThat(beans.getAttribute(step, "LastExchangeCompletedTimestamp")).isNull();
      assertThat(beans.getAttribute(step, "IdleSince")).isEqualTo(-1L);
      String chat =
          """
          {"model":"sim/echo","messages":[{"role":"user","content":"Hello"}]}\
          """;
      gateway.chat(chat);
      gateway.chat(chat);
      assertThat(gateway.chat(chat, "Authorization", "Bearer sk-wrong").statusCode())
          .isEqualTo(401);
      assertThat(beans.getAttribute(step, "ExchangesTotal")).isEqualTo(3L);
      assertThat(beans.getAttribute(step, "ExchangesCompleted")).isEqualTo(2L);
      assertThat(beans.getAttribute(step, "ExchangesFailed")).isEqualTo(1L);
      assertThat(beans.getAttribute(step, "ExchangesInflight")).isEqualTo(0L);
      long most = (long) beans.getAttribute(step, "MaxProcessingTime");
      assertThat((long) beans.getAttribute(step, "MinProcessingTime")).isBetween(0L, most);
      assertThat((long) beans.getAttribute(step, "MeanProcessingTime")).isBetween(0L, most);
      assertThat((long) beans.getAttribute(step, "TotalProcessingTime"))
          .isBetween(most, 2 * most + 1);
      for (String moment :
          List.of(
              "LastExchangeCreatedTimestamp",
              "FirstExchangeCompletedTimestamp",
              "LastExchangeCompletedTimestamp",
              "FirstExchangeFailureTimestamp",
              "LastExchangeFailureTimestamp")) {
        assertThat(((Date) beans.getAttribute(step, moment)).getTime())
            .as(moment)
            .isBetween(before - 1, System.currentTimeMillis() + 1);
      }
      assertThat(dump(step, "dumpStatsAsXml"))
          .startsWith("<stats exchangesTotal=\"3\" exchangesCompleted=\"2\"")
          .containsPattern("lastExchangeCompletedTimestamp=\"20..-..-..T")
          .endsWith("/>");
      assertThat(dump(step, "dumpStatsAsJSon")).contains("\"exchangesFailed\":1");
      Object route =
          beans.invoke(
              step,
              "dumpRouteStatsAsXml",
              new Object[] {false, false},
              new String[] {"boolean", "boolean"});
      assertThat(route.toString())
          .contains("exchangesInflight=\"0\"")
          .contains("exchangesTotal=\"3\"");
      beans.invoke(step, "reset", null, null);
      assertThat(beans.getAttribute(step, "ExchangesTotal")).isEqualTo(0L);
      assertThat(beans.getAttribute(step, "MinProcessingTime")).isEqualTo(0L);
      assertThat(beans.getAttribute(step, "LastExchangeFailureTimestamp")).isNull();
    }
  }

  private String dump(ObjectName bean, String operation) throws Exception {
    return beans.invoke(bean, operation, new Object[] {true}, new String[] {"boolean"}).toString();
  }

  @Test
  void showsTheGatewaysPartsWithDescriptions() throws Exception {
    try (Gateway gateway = Gateway.start()) {
      for (int i = 0; i < 2; i++) {
        gateway.chat(
            """
            {"model":"sim/echo","messages":[{"role":"user","content":"Hello"}]}\
            """);
      }
      assertThat(attribute("type=Cache", "HitsInMemory")).isEqualTo(1L);
      assertThat(attribute("type=Cache", "Entries")).isEqualTo(1L);
      assertThat(attribute("type=Limits", "CountedIn")).isEqualTo("memory");
      assertThat(attribute("type=Ledger", "Database")).isEqualTo("sqlite");
      assertThat(attribute("type=Ledger", "DatabaseUp")).isEqualTo(true);
      assertThat(((TabularData) attribute("type=Rules", "Versions")).isEmpty()).isFalse();
      assertThat((String[]) attribute("type=Rules", "Degraded")).isEmpty();
      assertThat(attribute("type=Rules", "Fallbacks")).isEqualTo(0L);
      assertThat(attribute("type=Provider,name=\"sim\"", "State")).isEqualTo("up");
      for (ObjectName own : beans.queryNames(new ObjectName("io.iir:*"), null)) {
        MBeanInfo info = beans.getMBeanInfo(own);
        assertThat(info.getDescription()).as("%s", own).isNotBlank().doesNotContain("Information");
        assertThat(info.getAttributes())
            .as("%s", own)
            .isNotEmpty()
            .allMatch(each -> !each.isWritable())
            .allMatch(each -> each.getDescription().contains(" "));
        assertThat(info.getOperations()).allMatch(each -> each.getDescription().contains(" "));
      }
    }
  }

  private Object attribute(String keys, String attribute) throws Exception {
    return beans.getAttribute(new ObjectName("io.iir:" + keys), attribute);
  }

  private static ObjectName name(String type, String id) throws Exception {
    return new ObjectName("org.apache.camel:context=iir,type=%s,name=\"%s\"".formatted(type, id));
  }
}
