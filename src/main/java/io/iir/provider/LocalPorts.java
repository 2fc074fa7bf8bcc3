package io.iir.provider;

import io.iir.config.IirProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ports of this machine on which model servers are looked for: those that settings name, and
 * the one in {@code OLLAMA_HOST} if that is an address of this machine; never the gateway's own
 * two.
 */
final class LocalPorts {

  /** What Ollama takes: {@code [scheme://]host[:port]}, where each part may be missing. */
  private static final Pattern OLLAMA_HOST =
      Pattern.compile(
          "(?:https?://)?(?:127\\.0\\.0\\.1|0\\.0\\.0\\.0|localhost|\\[::1?])?:(\\d{1,5})/?");

  private LocalPorts() {}

  /** The ports in the order in which they are looked at; none: nothing is looked for. */
  static List<Integer> of(IirProperties settings, Function<String, @Nullable String> environment) {
    List<Integer> ports = new ArrayList<>(settings.discovery().localPorts());
    if (!ports.isEmpty() && settings.discovery().environment()) {
      Integer ollama = ollama(environment.apply("OLLAMA_HOST"));
      if (ollama != null) {
        ports.add(ollama);
      }
    }
    return ports.stream()
        .distinct()
        .filter(port -> port != settings.port() && port != settings.management().portOrUsual())
        .toList();
  }

  private static @Nullable Integer ollama(@Nullable String host) {
    Matcher local = OLLAMA_HOST.matcher(host == null ? "" : host.strip());
    if (!local.matches()) {
      return null;
    }
    int port = Integer.parseInt(local.group(1));
    return port >= 1 && port <= 65535 ? port : null;
  }
}
