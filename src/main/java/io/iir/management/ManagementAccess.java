package io.iir.management;

import io.iir.auth.AdminKey;
import io.iir.auth.BearerToken;
import io.iir.auth.KeyHash;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the management port. On a loopback address everyone on this machine may, but no page
 * of another site by way of a browser here: the request must name this machine as its host, so that
 * a name that is made to point here gains nothing, and come from a page of the console itself. On
 * any other address the administrator's key is needed too. Stateless; never blocks.
 *
 * @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata Request Headers</a>
 */
final class ManagementAccess {

  /** The request headers that are looked at besides those that routes always see. */
  static final Set<String> HEADERS =
      Set.of("host", "origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest");

  private static final Pattern LOOPBACK =
      Pattern.compile("(?i)(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");
  private static final String BASIC = "Basic ";

  /** What is asked for. */
  enum What {
    /** Pages without data, which a link on another site may lead to. */
    PAGES,
    /** What the pages ask for. */
    DATA
  }

  private final boolean loopback;
  private final AdminKey key;

  /** Access to a port of {@code address} for whoever has {@code key}. */
  ManagementAccess(String address, AdminKey key) {
    this.loopback = isLoopback(address);
    this.key = key;
  }

  /** Whether only this machine can reach {@code address}. */
  static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /**
   * Lets a request pass.
   *
   * @param header finds a header's value by its name in small letters; null where there is none
   * @throws ApiException if it may not
   */
  void check(What what, UnaryOperator<@Nullable String> header) {
    String host = header.apply("host");
    if (loopback && (host == null || !LOOPBACK.matcher(host).matches())) {
      throw refused(
          "the management port answers requests to localhost only, and this one is to '%s'; open"
                  .formatted(host == null ? "" : host)
              + " http://localhost:<port>/hawtio/, or see docs/HAWTIO.md for access from"
              + " elsewhere");
    }
    if (isFromElsewhere(what, host, header)) {
      throw refused(
          "the management port answers requests of its own pages only, and this one comes from"
              + " another site; open /hawtio/ itself");
    }
    if (!loopback && !hasKey(header.apply("authorization"))) {
      throw new ApiException(
          ApiError.invalid(
              401,
              "invalid_api_key",
              "the management port needs the administrator's key: send it as the password of any"
                  + " user, or as a bearer token",
              null),
          Map.of("WWW-Authenticate", "Basic realm=\"iir\", charset=\"UTF-8\""));
    }
  }

  private static boolean isFromElsewhere(
      What what, @Nullable String host, UnaryOperator<@Nullable String> header) {
    String origin = header.apply("origin");
    if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(host)) {
      return true;
    }
    String site = header.apply("sec-fetch-site");
    if (site == null || site.equals("same-origin") || site.equals("none")) {
      return false;
    }
    boolean link =
        "navigate".equals(header.apply("sec-fetch-mode"))
            && "document".equals(header.apply("sec-fetch-dest"));
    return what == What.DATA || !link;
  }

  private boolean hasKey(@Nullable String authorization) {
    BearerToken token = BearerToken.parse(authorization);
    if (token != null) {
      return key.matches(token.hash());
    }
    String password = password(authorization);
    return password != null && key.matches(KeyHash.of(password));
  }

  /** The password of {@code Basic} credentials (RFC 7617), or null. */
  private static @Nullable String password(@Nullable String authorization) {
    if (authorization == null || !authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
      return null;
    }
    try {
      byte[] pair = Base64.getDecoder().decode(authorization.substring(BASIC.length()).strip());
      String text = new String(pair, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0 ? null : text.substring(colon + 1);
    } catch (IllegalArgumentException e) {
      return null; // not Base64: no password
    }
  }

  private static ApiException refused(String message) {
    return new ApiException(ApiError.invalid(403, "admin_required", message, null));
  }
}
