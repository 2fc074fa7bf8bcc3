package io.iir.management;

import io.iir.flow.FlowConfiguration;
import io.iir.management.ManagementAccess.What;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.model.ProcessorDefinition;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/**
 * What answers on the management port: Hawtio's pages and Jolokia. There are no such routes where
 * there is no such port.
 */
@Component
public class ManagementRoute extends RouteBuilder {

  /** The component that the routes begin with: {@code platform-http:} on a port of its own. */
  private static final String COMPONENT = "management-http";

  private static final String GET = "?httpMethodRestrict=GET";
  private static final String ALL_BELOW = "&matchOnUriPrefix=true";

  private final ObjectProvider<ManagementServer> servers;

  /** The routes of the server that {@code servers} has, if any. */
  public ManagementRoute(ObjectProvider<ManagementServer> servers) {
    this.servers = servers;
  }

  @Override
  public void configure() {
    ManagementServer server = servers.getIfAvailable();
    if (server == null) {
      return;
    }
    PlatformHttpComponent component = new PlatformHttpComponent(getContext());
    component.setEngine(server.engine());
    getContext().addComponent(COMPONENT, component);
    Console console = new Console();
    Gzip gzip = new Gzip();

    entry(server, "management-root", "/" + GET, "Leads to Hawtio", What.PAGES)
        .process(Console::lead)
        .id("management-root.lead");

    entry(
            server,
            "management-hawtio",
            "/hawtio" + GET + ALL_BELOW,
            "Hawtio's pages, and what they ask of the server that they come from",
            What.PAGES)
        .threads()
        .executorService(FlowConfiguration.BLOCKING)
        .id("management-hawtio.blocking")
        .process(console)
        .id("management-hawtio.page")
        .process(gzip)
        .id("management-hawtio.gzip");

    entry(
            server,
            "management-jolokia",
            "/jolokia" + GET + ",POST" + ALL_BELOW,
            "JMX as JSON: what Hawtio shows",
            What.DATA)
        .threads()
        .executorService(FlowConfiguration.BLOCKING)
        .id("management-jolokia.blocking")
        .process(new JolokiaEntry(server.jolokia()))
        .id("management-jolokia.ask")
        .process(gzip)
        .id("management-jolokia.gzip");

    from(JmxAudit.ENDPOINT)
        .routeId("management-audit")
        .description("Writes what is done over JMX into the audit log")
        .to("sql:classpath:sql/audit.sql?noop=true")
        .id("management-audit.write");
  }

  private ProcessorDefinition<?> entry(
      ManagementServer server, String id, String path, String description, What what) {
    return from(COMPONENT + ":" + path)
        .routeId(id)
        .description(description)
        .process(exchange ->
            server
                .access()
                .check(what, name -> exchange.getMessage().getHeader(name, String.class)))
        .id(id + ".access");
  }
}
