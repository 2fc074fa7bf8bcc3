package io.iir.backend;

import java.net.URI;

/**
 * Where a provider listens.
 *
 * @param tls whether connections are encrypted
 * @param host a name or a literal address
 * @param port 1..65535
 */
public record Origin(boolean tls, String host, int port) {

  /**
   * The origin of an absolute http or https URL.
   *
   * @throws IllegalArgumentException if {@code url} is neither or has no host
   */
  public static Origin of(URI url) {
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    if (url.getHost() == null || !(tls || "http".equalsIgnoreCase(url.getScheme()))) {
      throw new IllegalArgumentException("not an http(s) URL with a host: " + url);
    }
    int port = url.getPort();
    return new Origin(tls, url.getHost(), port > 0 ? port : tls ? 443 : 80);
  }

  /** The value of the Host header (RFC 9110, section 7.2): the port only where it is not usual. */
  public String authority() {
    return port == (tls ? 443 : 80) ? host : host + ":" + port;
  }
}
