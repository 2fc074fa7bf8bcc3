package io.iir.flow;

import io.iir.auth.FirstStart;
import io.iir.config.IirProperties;
import io.iir.config.LogSettings;
import io.iir.flow.engine.GatewayServer;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What the operator sees when the gateway is up: a block for people, with a curl line that works as
 * pasted; where the log is JSON, an event of it for all that and one for each warning. The
 * generated admin key is shown at the first start and never again; it goes to the terminal, not to
 * the log.
 */
@Component
public final class StartBanner {

  private static final Logger LOG = LoggerFactory.getLogger(StartBanner.class);
  private static final String KEY = "Admin key (shown this once, keep it): ";

  private final FirstStart firstStart;
  private final ObjectProvider<GatewayServer> server;
  private final StartFacts facts;
  private final IirProperties properties;

  /** A banner of what these know. */
  public StartBanner(
      FirstStart firstStart,
      ObjectProvider<GatewayServer> server,
      StartFacts facts,
      IirProperties properties) {
    this.firstStart = firstStart;
    this.server = server;
    this.facts = facts;
    this.properties = properties;
  }

  @EventListener(ApplicationReadyEvent.class)
  void print() {
    GatewayServer running = server.getIfAvailable();
    if (running == null) {
      return;
    }
    StartReport report = facts.report(running.port());
    String generated = firstStart.takeAdminKey();
    if (properties.log().format() == LogSettings.Format.JSON) {
      LOG.info("{}", report.line());
      report.warnings().forEach(warning -> LOG.warn("{}", warning));
      if (generated != null) {
        System.err.println(KEY + generated);
      }
    } else {
      print(System.out, report, generated);
    }
  }

  private void print(PrintStream out, StartReport report, @Nullable String generated) {
    StringBuilder text = new StringBuilder("\n");
    report.block().forEach(line -> text.append(line).append('\n'));
    if (generated != null) {
      text.append("\n  ").append(KEY).append(generated).append('\n');
    }
    text.append("\n  Try it:\n");
    text.append(curl(report.url(), generated == null ? "$IIR_ADMIN_KEY" : generated)).append('\n');
    if (generated == null && !facts.hasAdminKey()) {
      text.append("\n  The admin key was shown at the first start. Lost it? Set IIR_ADMIN_KEY.\n");
    }
    out.println(text);
    out.flush();
  }

  private static String curl(String url, String key) {
    return """
    curl -N %s/v1/chat/completions \\
      -H "Authorization: Bearer %s" \\
      -H "Content-Type: application/json" \\
      -d '{"model":"sim/lorem","stream":true,"messages":[{"role":"user","content":"Hello"}]}'\
    """
        .formatted(url, key);
  }
}
