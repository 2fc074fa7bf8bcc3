package io.iir.store;

import io.iir.config.Secret;
import io.iir.config.StartException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL is and who calls: {@code postgres://user:password@host:port/database?…},
 * {@code postgresql://…} or {@code jdbc:postgresql://…}, with several hosts if need be. User,
 * password and values are percent-encoded.
 *
 * @param servers one or more
 * @param user null: who runs the gateway
 * @param password null: none
 * @param parameters values by the names that the driver has for them
 * @see <a href="https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS">
 *     Connection URIs</a>
 */
record PostgresUrl(
    List<Server> servers,
    String database,
    @Nullable String user,
    @Nullable Secret password,
    Map<String, String> parameters) {

  private static final Pattern URL =
      Pattern.compile(
          "(?:postgres|(?:jdbc:)?postgresql)://(?:(?<who>[^/?#]*)@)?(?<hosts>[^/?#]*)"
              + "/(?<database>[^/?#]+)(?:\\?(?<parameters>[^#]*))?");
  private static final Pattern HOST =
      Pattern.compile("(?<host>\\[[0-9A-Fa-f:.]+]|[^\\s:\\[\\]]+)(?::(?<port>\\d{1,5}))?");
  private static final int PORT = 5432;
  private static final int LAST_PORT = 65535;

  /** The parameters that a URL may have, and the driver's names for them. */
  private static final Map<String, String> PARAMETERS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("application_name", "ApplicationName"),
              Map.entry("channel_binding", "channelBinding"),
              Map.entry("connect_timeout", "connectTimeout"),
              Map.entry("currentSchema", "currentSchema"),
              Map.entry("options", "options"),
              Map.entry("prepareThreshold", "prepareThreshold"),
              Map.entry("sslcert", "sslcert"),
              Map.entry("sslkey", "sslkey"),
              Map.entry("sslmode", "sslmode"),
              Map.entry("sslpassword", "sslpassword"),
              Map.entry("sslrootcert", "sslrootcert"),
              Map.entry("targetServerType", "targetServerType"),
              Map.entry("user", "user"),
              Map.entry("password", "password")));

  PostgresUrl {
    servers = List.copyOf(servers);
    parameters = Map.copyOf(parameters);
  }

  /**
   * One of the servers.
   *
   * @param host its name or address
   */
  record Server(String host, int port) {

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * Reads {@code text}.
   *
   * @throws StartException if it is none; its sentences show neither user nor password
   */
  static PostgresUrl parse(Secret text) {
    Matcher url = URL.matcher(text.value());
    if (!url.matches()) {
      throw wrong(
          text.value().matches("(?i)(jdbc:)?postgres(ql)?://.*")
              ? "is not of this form"
              : "does not begin with postgres://, postgresql:// or jdbc:postgresql://");
    }
    Map<String, String> parameters = parameters(url.group("parameters"));
    String named = parameters.remove("user");
    String secret = parameters.remove("password");
    String who = url.group("who");
    if (who != null) {
      int colon = who.indexOf(':');
      named = decode(colon < 0 ? who : who.substring(0, colon), "its user");
      secret = colon < 0 ? secret : decode(who.substring(colon + 1), "its password");
    }
    return new PostgresUrl(
        servers(part(url, "hosts")),
        decode(part(url, "database"), "its database"),
        named == null || named.isEmpty() ? null : named,
        secret == null || secret.isEmpty() ? null : Secret.of(secret),
        parameters);
  }

  /** A part that is always there. */
  private static String part(Matcher matcher, String name) {
    return Objects.requireNonNull(matcher.group(name));
  }

  private static List<Server> servers(String hosts) {
    List<Server> servers = new ArrayList<>();
    for (String each : hosts.split(",", -1)) {
      Matcher host = HOST.matcher(each);
      if (!host.matches()) {
        throw wrong("names no host, or one with a port that is no number");
      }
      String number = host.group("port");
      int port = number == null ? PORT : Integer.parseInt(number);
      if (port < 1 || port > LAST_PORT) {
        throw wrong("names a port that is not from 1 to " + LAST_PORT);
      }
      servers.add(new Server(part(host, "host"), port));
    }
    return servers;
  }

  private static Map<String, String> parameters(@Nullable String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (query != null && !query.isEmpty()) {
      for (String each : query.split("&", -1)) {
        int equals = each.indexOf('=');
        String name = equals < 0 ? "" : PARAMETERS.get(each.substring(0, equals));
        if (name == null || name.isEmpty()) {
          throw wrong(
              "has a parameter that is not one of " + String.join(", ", PARAMETERS.keySet()));
        }
        parameters.put(name, decode(each.substring(equals + 1), "the value of " + name));
      }
    }
    return parameters;
  }

  private static String decode(String text, String what) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong(what + " is not percent-encoded as it should be (a % stands for itself as %25)");
    }
  }

  private static StartException wrong(String why) {
    return new StartException(
        "The database's URL (DATABASE_URL, iir.database-url) cannot be used: it %s.".formatted(why),
        "Write postgres://user:password@host:5432/database?sslmode=require, and percent-encode what"
            + " is special in user and password: @ as %40, / as %2F, : as %3A, ? as %3F, # as %23.",
        null);
  }

  /** Which it is, without who calls. */
  String place() {
    return String.join(",", servers.stream().map(Server::toString).toList()) + "/" + database;
  }
}
