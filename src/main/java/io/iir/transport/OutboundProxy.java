package io.iir.transport;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that calls go through.
 *
 * @param host its name or address
 * @param port where it listens
 * @param user who calls it; null: it asks nobody
 * @param password of that user; empty: none
 */
public record OutboundProxy(String host, int port, @Nullable String user, String password) {

  private static final int USUAL_PORT = 80;

  /**
   * The proxy that {@code text} names: {@code http://user:password@proxy.example:3128}, of which
   * only the host must be there.
   *
   * @throws IllegalArgumentException if it names none; the message says what it must be, and
   *     nothing of what it is, which may hold a password
   */
  @SuppressWarnings("UnusedException") // its message is the whole text
  static OutboundProxy of(String text) {
    URI uri;
    try {
      uri = new URI(text.contains("://") ? text : "http://" + text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("must be a URL such as http://proxy.example:3128");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
      throw new IllegalArgumentException(
          "must be the address of an HTTP proxy, such as http://proxy.example:3128");
    }
    String who = uri.getRawUserInfo();
    int colon = who == null ? -1 : who.indexOf(':');
    return new OutboundProxy(
        uri.getHost(),
        uri.getPort() < 0 ? USUAL_PORT : uri.getPort(),
        who == null ? null : plain(colon < 0 ? who : who.substring(0, colon)),
        who == null || colon < 0 ? "" : plain(who.substring(colon + 1)));
  }

  private static String plain(String encoded) {
    return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** The value of {@code Proxy-Authorization}; null: none is sent. */
  public @Nullable String authorization() {
    return user == null
        ? null
        : "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  /** Without the password. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
