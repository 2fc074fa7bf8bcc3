package io.iir.flow.engine;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Which consumer answers which path and method. A path is fixed ({@code /v1/models}), has a
 * template ({@code /api/v1/apikeys/{id}}), or is a prefix where its endpoint says {@code
 * matchOnUriPrefix}; the more fixed one wins. Thread-safe; reads take no lock.
 */
final class RouteTable {

  /** What a look-up found. */
  sealed interface Match {
    /** This consumer answers; {@code parameters} are the template's, decoded. */
    record Found(NettyHttpConsumer consumer, Map<String, String> parameters) implements Match {}

    /** The path exists, but only for the {@code allowed} methods. */
    record WrongMethod(String allowed) implements Match {}

    /** No such path. */
    record Nothing() implements Match {}
  }

  private static final Match NOTHING = new Match.Nothing();

  private final List<NettyHttpConsumer> consumers = new CopyOnWriteArrayList<>();
  private volatile Map<String, List<NettyHttpConsumer>> fixed = Map.of();
  private volatile List<NettyHttpConsumer> patterns = List.of();

  void add(NettyHttpConsumer consumer) {
    consumers.add(consumer);
    rebuild();
  }

  void remove(NettyHttpConsumer consumer) {
    consumers.remove(consumer);
    rebuild();
  }

  private synchronized void rebuild() {
    Map<String, List<NettyHttpConsumer>> exact = new HashMap<>();
    List<NettyHttpConsumer> others = new ArrayList<>();
    for (NettyHttpConsumer consumer : consumers) {
      PlatformHttpEndpoint endpoint = consumer.getEndpoint();
      if (endpoint.isMatchOnUriPrefix() || endpoint.getPath().contains("{")) {
        others.add(consumer);
      } else {
        exact.computeIfAbsent(endpoint.getPath(), path -> new ArrayList<>()).add(consumer);
      }
    }
    others.sort(
        Comparator.comparingInt(
                (NettyHttpConsumer each) -> each.getEndpoint().isMatchOnUriPrefix() ? 1 : 0)
            .thenComparingInt(each -> -each.getEndpoint().getPath().length()));
    fixed = exact;
    patterns = List.copyOf(others);
  }

  /**
   * Who answers {@code method} on {@code path}; HEAD is answered where GET is (RFC 9110, 9.3.2).
   */
  Match find(String method, String path) {
    List<NettyHttpConsumer> candidates = fixed.get(path);
    if (candidates != null) {
      NettyHttpConsumer consumer = byMethod(candidates, method);
      return consumer != null
          ? new Match.Found(consumer, Map.of())
          : new Match.WrongMethod(allowed(candidates));
    }
    List<NettyHttpConsumer> samePath = new ArrayList<>();
    for (NettyHttpConsumer candidate : patterns) {
      Map<String, String> parameters = parameters(candidate.getEndpoint(), path);
      if (parameters != null) {
        if (candidate.accepts(method)) {
          return new Match.Found(candidate, parameters);
        }
        samePath.add(candidate);
      }
    }
    return samePath.isEmpty() ? NOTHING : new Match.WrongMethod(allowed(samePath));
  }

  private static @Nullable NettyHttpConsumer byMethod(
      List<NettyHttpConsumer> candidates, String method) {
    for (NettyHttpConsumer candidate : candidates) {
      if (candidate.accepts(method)) {
        return candidate;
      }
    }
    return null;
  }

  private static String allowed(List<NettyHttpConsumer> candidates) {
    TreeSet<String> methods = new TreeSet<>();
    for (NettyHttpConsumer candidate : candidates) {
      methods.addAll(Arrays.asList(candidate.methods().split(",")));
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return String.join(", ", methods);
  }

  /** The template's parameters in {@code path}, or null if it does not fit. */
  private static @Nullable Map<String, String> parameters(
      PlatformHttpEndpoint endpoint, String path) {
    String template = endpoint.getPath();
    if (endpoint.isMatchOnUriPrefix()) {
      return path.startsWith(template) ? Map.of() : null;
    }
    String[] expected = template.split("/", -1);
    String[] actual = path.split("/", -1);
    if (expected.length != actual.length) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < expected.length; i++) {
      String part = expected[i];
      if (part.startsWith("{") && part.endsWith("}") && !actual[i].isEmpty()) {
        parameters.put(part.substring(1, part.length() - 1), decode(actual[i]));
      } else if (!part.equals(actual[i])) {
        return null;
      }
    }
    return parameters;
  }

  private static String decode(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment; // a broken escape names nothing: whoever looks it up will say so
    }
  }
}
