package io.iir.flow;

import io.iir.auth.FirstStart;
import io.iir.config.IirProperties;
import io.iir.flow.engine.GatewayServer;
import io.iir.provider.Model;
import io.iir.provider.ProviderDirectory;
import io.iir.store.Database;
import io.iir.store.Recovery;
import java.io.PrintStream;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What the operator sees when the gateway is up: where it listens, which models there are, and a
 * curl line that works as pasted. The generated admin key is shown at the first start and never
 * again; it goes to the terminal, not to the log.
 */
@Component
public final class StartBanner {

  private static final int MOST_MODELS = 8;

  private final FirstStart firstStart;
  private final IirProperties properties;
  private final ObjectProvider<GatewayServer> server;
  private final ProviderDirectory directory;
  private final Database database;

  /** A banner of what these know. */
  public StartBanner(
      FirstStart firstStart,
      IirProperties properties,
      ObjectProvider<GatewayServer> server,
      ProviderDirectory directory,
      Database database) {
    this.firstStart = firstStart;
    this.properties = properties;
    this.server = server;
    this.directory = directory;
    this.database = database;
  }

  @EventListener(ApplicationReadyEvent.class)
  void print() {
    GatewayServer running = server.getIfAvailable();
    if (running != null) {
      print(System.out, running.port());
    }
  }

  void print(PrintStream out, int port) {
    String scheme = properties.server().tls() == null ? "http" : "https";
    String url = "%s://localhost:%d".formatted(scheme, port);
    String generated = firstStart.takeAdminKey();
    out.println();
    out.println("  Intelligent Inference Router listens on " + url);
    out.println("  Models: " + models());
    Recovery recovery = database.recovery();
    if (recovery != null) {
      out.println();
      out.println("  ATTENTION: " + recovery.sentence());
    }
    if (generated != null) {
      out.println();
      out.println("  Admin key (shown this once, keep it): " + generated);
    }
    out.println();
    out.println("  Try it:");
    out.println(curl(url, generated == null ? "$IIR_ADMIN_KEY" : generated));
    if (generated == null && properties.adminKey() == null) {
      out.println();
      out.println("  The admin key was shown at the first start. Lost it? Set IIR_ADMIN_KEY.");
    }
    out.println();
    out.flush();
  }

  private String models() {
    List<String> ids = directory.models().stream().map(Model::id).toList();
    String shown = String.join(", ", ids.subList(0, Math.min(MOST_MODELS, ids.size())));
    return ids.size() > MOST_MODELS
        ? "%s … (%d in all: GET /v1/models)".formatted(shown, ids.size())
        : shown;
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
