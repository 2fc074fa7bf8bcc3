package io.iir.flow;

import io.iir.classify.BadModelException;
import io.iir.classify.Classifier;
import io.iir.config.IirProperties;
import io.iir.provider.Model;
import io.iir.provider.Provider;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.ProviderStatus;
import io.iir.redis.Redis;
import io.iir.rules.RuleStatus;
import io.iir.rules.Rules;
import io.iir.store.Database;
import io.iir.store.Recovery;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;

/** Gathers what there is to say at the start. */
@Component
final class StartFacts {

  private static final int MOST_MODELS = 8;

  /** Hosts that clients on this machine reach by the name {@code localhost}. */
  private static final Set<String> HERE = Set.of("0.0.0.0", "::", "127.0.0.1", "::1", "localhost");

  private final IirProperties properties;
  private final ProviderDirectory directory;
  private final Database database;
  private final Rules rules;
  private final Classifier classifier;
  private final ObjectProvider<Redis> redis;
  private final ObjectProvider<BuildProperties> build;
  private final ObjectProvider<StartNote> notes;

  StartFacts(
      IirProperties properties,
      ProviderDirectory directory,
      Database database,
      Rules rules,
      Classifier classifier,
      ObjectProvider<Redis> redis,
      ObjectProvider<BuildProperties> build,
      ObjectProvider<StartNote> notes) {
    this.properties = properties;
    this.directory = directory;
    this.database = database;
    this.rules = rules;
    this.classifier = classifier;
    this.redis = redis;
    this.build = build;
    this.notes = notes;
  }

  /** Whether the operator has named the administrator's key. */
  boolean hasAdminKey() {
    return properties.adminKey() != null;
  }

  /** What there is to say of a gateway that listens on {@code port}. */
  StartReport report(int port) {
    boolean tls = properties.server().tls() != null;
    String url = "%s://%s:%d".formatted(tls ? "https" : "http", reachable(properties.host()), port);
    BuildProperties known = build.getIfAvailable();
    return new StartReport(
        known == null ? "(unpackaged)" : known.getVersion(), url, facts(url), warnings());
  }

  /** What a URL calls {@code host}, as one on this machine may paste it. */
  static String reachable(String host) {
    if (HERE.contains(host.toLowerCase(Locale.ROOT))) {
      return "localhost";
    }
    return host.indexOf(':') < 0 ? host : "[" + host + "]";
  }

  private List<Map.Entry<String, String>> facts(String url) {
    List<Map.Entry<String, String>> all = new ArrayList<>();
    all.add(Map.entry("Address", properties.host()));
    if (properties.server().docs()) {
      all.add(Map.entry("API", url + "/docs"));
    }
    notes
        .orderedStream()
        .forEach(note -> {
          String text = note.text();
          if (text != null) {
            all.add(Map.entry(note.title(), text));
          }
        });
    all.add(Map.entry("Providers", joined(directory.status().stream().map(this::shown).toList())));
    all.add(Map.entry("Models", models()));
    all.add(Map.entry("Database", "%s, %s".formatted(vendor(), database.place())));
    Redis shared = redis.getIfAvailable();
    all.add(
        Map.entry("State", shared == null ? "in memory" : "shared, Redis at " + shared.place()));
    all.add(Map.entry("Rules", joined(rules.status().stream().map(StartFacts::shown).toList())));
    all.add(Map.entry("Started", started()));
    return all;
  }

  private static String joined(List<String> parts) {
    return parts.isEmpty() ? "none" : String.join(", ", parts);
  }

  private String vendor() {
    return database.vendor().equals("sqlite") ? "SQLite" : "PostgreSQL";
  }

  /** {@code openai (environment, 52 models)}. */
  private String shown(ProviderStatus provider) {
    String models =
        switch (provider.list()) {
          case "never asked" -> "not asked yet";
          case String list when list.startsWith("failed") -> "its list failed";
          default -> provider.models() == 1 ? "1 model" : provider.models() + " models";
        };
    return "%s (%s, %s)".formatted(provider.name(), source(provider.name()), models);
  }

  /** Who has named a provider. */
  private String source(String name) {
    if (properties.providers().containsKey(name)) {
      return "settings";
    }
    return switch (name) {
      case Provider.SIM -> "built in";
      case Provider.LOCAL -> "found on this machine";
      default -> "environment";
    };
  }

  private String models() {
    List<String> ids = directory.models().stream().map(Model::id).toList();
    String shown = joined(ids.subList(0, Math.min(MOST_MODELS, ids.size())));
    return ids.size() > MOST_MODELS
        ? "%s … (%d in all: GET /v1/models)".formatted(shown, ids.size())
        : shown;
  }

  private static String shown(RuleStatus rule) {
    return rule.version() == 0
        ? rule.id() + " (refused)"
        : "%s (version %d)".formatted(rule.id(), rule.version());
  }

  private static String started() {
    RuntimeMXBean jvm = ManagementFactory.getRuntimeMXBean();
    boolean cached = jvm.getInputArguments().stream().anyMatch(each -> each.contains("AOTCache="));
    return "in %.1f s, Java %s%s"
        .formatted(
            jvm.getUptime() / 1000.0,
            System.getProperty("java.version"),
            cached ? " with an AOT cache" : "");
  }

  private List<String> warnings() {
    List<String> all = new ArrayList<>();
    Recovery recovery = database.recovery();
    if (recovery != null) {
      all.add(recovery.sentence());
    }
    if (directory.providers().stream().allMatch(each -> each.name().equals(Provider.SIM))) {
      all.add(
          "There is no provider but the simulator: set a key such as OPENAI_API_KEY, start a model"
              + " server on this machine, or name one in the settings.");
    }
    if (properties.server().tls() == null && !isLoopback(properties.host())) {
      all.add(
          "Requests and keys travel unencrypted to %s: set iir.server.tls, put a proxy with TLS"
                  .formatted(properties.host())
              + " before it, or listen on 127.0.0.1 alone (IIR_HOST).");
    }
    if (!Files.isDirectory(properties.routesPath())) {
      all.add(
          "There is no folder of routes %s (IIR_ROUTES_DIR): those that ship with the gateway are"
                  .formatted(properties.routesPath())
              + " used.");
    }
    BadModelException unusable = classifier.problem();
    if (unusable != null) {
      all.add("Rules alone tell what requests ask for: " + unusable.getMessage());
    }
    all.addAll(
        rules.problems().stream()
            .map(problem -> "A rule is not what decides: " + problem)
            .toList());
    return all;
  }

  private static boolean isLoopback(String host) {
    try {
      return host.toLowerCase(Locale.ROOT).equals("localhost")
          || (host.matches("[0-9.]+|.*:.*") && InetAddress.getByName(host).isLoopbackAddress());
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
