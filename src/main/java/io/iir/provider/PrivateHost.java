package io.iir.provider;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Hosts that cannot be on the public Internet, told without asking DNS: loopback, unspecified,
 * private and link-local addresses (RFC 1918, 3927, 4193, 4291), names without a dot (such as a
 * container's), and names under suffixes that are never public (RFC 6761, 6762, 8375, and {@code
 * .internal}).
 */
final class PrivateHost {

  private static final List<String> SUFFIXES =
      List.of(".localhost", ".local", ".internal", ".home.arpa", ".lan", ".svc");

  private PrivateHost() {}

  /** True if {@code host}, a name or an address, is one. */
  static boolean is(@Nullable String host) {
    if (host == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    InetAddress address = literal(name);
    if (address != null) {
      boolean uniqueLocal =
          address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
      return uniqueLocal
          || address.isAnyLocalAddress() // as servers print where they listen
          || address.isLoopbackAddress()
          || address.isSiteLocalAddress()
          || address.isLinkLocalAddress();
    }
    return name.indexOf('.') < 0 || SUFFIXES.stream().anyMatch(name::endsWith);
  }

  private static @Nullable InetAddress literal(String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
