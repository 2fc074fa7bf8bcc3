package io.iir.admin;

import io.iir.backend.UpstreamClient;
import io.iir.flow.Variables;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.provider.ProviderHealth;
import io.iir.provider.ProviderReport;
import java.security.SecureRandom;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** The endpoints {@code /api/v1/providers}: how providers are, and whether they get calls. */
@Component
public class ProvidersRoute extends AdminEndpoints {

  private static final String ALL = "platform-http:/api/v1/providers";
  private static final String NAME = "name";

  private final ProviderHealth health;
  private final ObjectProvider<UpstreamClient> client;
  private final SecureRandom random = new SecureRandom();

  /** The endpoints of {@code health}; {@code client}, where there is one, knows who waits. */
  public ProvidersRoute(ProviderHealth health, ObjectProvider<UpstreamClient> client) {
    this.health = health;
    this.client = client;
  }

  @Override
  public void configure() {
    endpoint("providers-list", ALL + "?httpMethodRestrict=GET", "Shows how the providers are")
        .process(
            exchange -> render(exchange, 200, ProviderJson.of(health.reports(), this::waiting)))
        .id("providers-list.render");

    endpoint("providers-get", ALL + "/{name}?httpMethodRestrict=GET", "Shows how a provider is")
        .process(this::show)
        .id("providers-get.render");

    endpoint(
            "providers-drain",
            ALL + "/{name}/drain?httpMethodRestrict=POST",
            "Gives a provider no new calls")
        .process(exchange -> audit(exchange, "provider.drain"))
        .id("providers-drain.check")
        .to("sql:classpath:sql/audit.sql?noop=true")
        .id("providers-drain.audit")
        .process(exchange -> health.drain(name(exchange)))
        .id("providers-drain.drain")
        .process(this::show)
        .id("providers-drain.render");

    endpoint(
            "providers-enable",
            ALL + "/{name}/enable?httpMethodRestrict=POST",
            "Gives a provider calls again")
        .process(exchange -> audit(exchange, "provider.enable"))
        .id("providers-enable.check")
        .to("sql:classpath:sql/audit.sql?noop=true")
        .id("providers-enable.audit")
        .process(exchange -> health.enable(name(exchange)))
        .id("providers-enable.enable")
        .process(this::show)
        .id("providers-enable.render");
  }

  private void show(Exchange exchange) {
    render(exchange, 200, ProviderJson.of(found(exchange), this::waiting));
  }

  /** Nothing is done before it is in the audit log. */
  private void audit(Exchange exchange, String action) {
    String name = found(exchange).name();
    String actor = Variables.PRINCIPAL.get(exchange).id();
    exchange.getMessage().setBody(new Audit(actor, Instant.now(), random).row(name, action, "{}"));
  }

  private int waiting(String provider) {
    UpstreamClient ours = client.getIfAvailable();
    return ours == null ? 0 : ours.waiting(provider);
  }

  private ProviderReport found(Exchange exchange) {
    String name = name(exchange);
    ProviderReport report = health.report(name);
    if (report == null) {
      throw new ApiException(
          ApiError.invalid(404, "not_found", "There is no provider '%s'.".formatted(name), NAME));
    }
    return report;
  }

  private static String name(Exchange exchange) {
    return exchange.getMessage().getHeader(NAME, "", String.class);
  }
}
