package io.iir.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy calls go through, by the variables that most programs read: {@code HTTPS_PROXY} and
 * {@code HTTP_PROXY} by how the call's target is spoken to, {@code ALL_PROXY} where neither is set,
 * and {@code NO_PROXY} for targets that are called without; in capitals or not. This machine itself
 * is never called through one. Immutable.
 *
 * @param https for targets over TLS; null: none
 * @param http for others; null: none
 * @param without what {@code NO_PROXY} lists, in small letters
 */
public record Proxies(
    @Nullable OutboundProxy https, @Nullable OutboundProxy http, List<String> without) {

  /** None. */
  public static final Proxies NONE = new Proxies(null, null, List.of());

  /**
   * Those that {@code environment}, asked by variable, names.
   *
   * @throws IllegalArgumentException if a variable names no proxy; the message says which
   */
  public static Proxies of(Function<String, @Nullable String> environment) {
    String none = value(environment, "NO_PROXY");
    return new Proxies(
        proxy(environment, "HTTPS_PROXY"),
        proxy(environment, "HTTP_PROXY"),
        none == null
            ? List.of()
            : Arrays.stream(none.split("[,\\s]+", -1))
                .map(each -> each.strip().toLowerCase(Locale.ROOT))
                .filter(each -> !each.isEmpty())
                .toList());
  }

  private static @Nullable OutboundProxy proxy(
      Function<String, @Nullable String> environment, String variable) {
    String named = value(environment, variable) == null ? "ALL_PROXY" : variable;
    String value = value(environment, named);
    try {
      return value == null ? null : OutboundProxy.of(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "environment variable %s %s.".formatted(named, e.getMessage()), e);
    }
  }

  private static @Nullable String value(
      Function<String, @Nullable String> environment, String variable) {
    for (String name : new String[] {variable.toLowerCase(Locale.ROOT), variable}) {
      String value = environment.apply(name);
      if (value != null && !value.isBlank()) {
        return value.strip();
      }
    }
    return null;
  }

  /** The proxy for calls to {@code host}; null: none. */
  public @Nullable OutboundProxy proxyFor(boolean tls, String host, int port) {
    OutboundProxy proxy = tls ? https : http;
    return proxy == null || isDirect(host.toLowerCase(Locale.ROOT), port) ? null : proxy;
  }

  private boolean isDirect(String host, int port) {
    return host.equals("localhost")
        || host.startsWith("127.")
        || host.equals("[::1]")
        || without.stream().anyMatch(each -> names(each, host, port));
  }

  /** {@code *}, a host, a domain with or without a dot before it, each with a port or without. */
  private static boolean names(String listed, String host, int port) {
    String name = listed;
    int colon = listed.lastIndexOf(':');
    if (colon > 0 && listed.indexOf(':') == colon) {
      if (!listed.substring(colon + 1).equals(String.valueOf(port))) {
        return false;
      }
      name = listed.substring(0, colon);
    }
    if (name.equals("*") || host.equals(name)) {
      return true;
    }
    String domain = name.startsWith("*.") ? name.substring(1) : name;
    return host.endsWith(domain.startsWith(".") ? domain : "." + domain);
  }

  /** The same, for Java's own client, which takes none with a password. */
  public ProxySelector selector() {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        boolean tls = "https".equalsIgnoreCase(uri.getScheme());
        int port = uri.getPort() > 0 ? uri.getPort() : tls ? 443 : 80;
        OutboundProxy proxy = uri.getHost() == null ? null : proxyFor(tls, uri.getHost(), port);
        return List.of(
            proxy == null
                ? Proxy.NO_PROXY
                : new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.host(), proxy.port())));
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        // whoever calls hears of it
      }
    };
  }
}
