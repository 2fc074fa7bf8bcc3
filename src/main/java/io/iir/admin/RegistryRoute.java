package io.iir.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.auth.ApiKey;
import io.iir.auth.Role;
import io.iir.flow.FlowConfiguration;
import io.iir.flow.Variables;
import io.iir.openai.ApiException;
import io.iir.registry.Refresh;
import io.iir.registry.Refresher;
import io.iir.registry.RegistryStatus;
import io.iir.transport.ClientLink;
import io.iir.transport.EventLoops;
import io.netty.channel.EventLoop;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The endpoints {@code /v1/registry}: ask providers anew, and show what is known. */
@Component
public class RegistryRoute extends AdminEndpoints {

  private static final Pattern PROVIDER = Pattern.compile("provider=([^&]*)");
  private static final String WATCHES = "text/event-stream";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Refresher refresher;
  private final RegistryStatus status;
  private final EventLoops loops;
  private final SecureRandom random = new SecureRandom();

  /** The endpoints of {@code refresher} and {@code status}, which stream on {@code loops}. */
  public RegistryRoute(Refresher refresher, RegistryStatus status, EventLoops loops) {
    this.refresher = refresher;
    this.status = status;
    this.loops = loops;
  }

  @Override
  public void configure() {
    endpoint(
            "registry-refresh",
            "platform-http:/v1/registry/refresh?httpMethodRestrict=POST",
            "Asks providers for their models, looks at the machine, and tells what is new")
        .process(this::check)
        .id("registry-refresh.check")
        .to("sql:classpath:sql/audit.sql?noop=true")
        .id("registry-refresh.audit")
        .process(this::answer)
        .id("registry-refresh.answer");

    from("platform-http:/v1/registry/status?httpMethodRestrict=GET")
        .routeId("registry-status")
        .description("Shows what is known of providers, models and the machine")
        .to("direct:authenticate")
        .id("registry-status.authenticate")
        .threads()
        .executorService(FlowConfiguration.BLOCKING)
        .id("registry-status.blocking")
        .process(this::show)
        .id("registry-status.render");
  }

  private void show(Exchange exchange) {
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    render(exchange, 200, status.report(key::mayCall, key.role() == Role.ADMIN));
  }

  /** Nothing is begun before it is in the audit log. */
  private void check(Exchange exchange) {
    String provider = provider(exchange.getMessage().getHeader(Exchange.HTTP_QUERY, String.class));
    refresher.check(provider);
    String actor = Variables.PRINCIPAL.get(exchange).id();
    exchange
        .getMessage()
        .setBody(
            new Audit(actor, Instant.now(), random)
                .row(
                    "registry",
                    "registry.refresh",
                    JSON.createObjectNode().put("provider", provider).toString()));
  }

  /** The provider that the query names, or null where there is no query. */
  private static @Nullable String provider(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return null;
    }
    Matcher matcher = PROVIDER.matcher(query);
    if (!matcher.matches()) {
      throw ApiException.invalidRequest(
          "all that can be asked for is ?provider=<name>, once", "provider");
    }
    try {
      return URLDecoder.decode(matcher.group(1), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalidRequest("the query has a broken % escape", "provider");
    }
  }

  private void answer(Exchange exchange) throws InterruptedException {
    String provider = provider(exchange.getMessage().getHeader(Exchange.HTTP_QUERY, String.class));
    Refresh refresh = refresher.refresh(provider, Variables.PRINCIPAL.get(exchange).id());
    if (!exchange.getMessage().getHeader("accept", "", String.class).contains(WATCHES)) {
      render(exchange, 200, refresh.await());
      return;
    }
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    EventLoop loop = link == null ? loops.any() : link.loop();
    RefreshEvents events = new RefreshEvents(refresh, loop);
    if (link != null) {
      loop.execute(() -> link.onLeave(events.stream()::cancel));
    }
    events.start();
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 200);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, WATCHES);
    exchange.getMessage().setBody(events.stream());
  }
}
