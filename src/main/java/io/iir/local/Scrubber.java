package io.iir.local;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what programs print: those that are known, and what looks like one.
 * Immutable.
 */
final class Scrubber {

  private static final String STARS = "***";

  /** Shorter ones would take ordinary words out. */
  private static final int SHORTEST = 6;

  private static final Pattern NAME =
      Pattern.compile(
          "(.*(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|DATABASE_URL|REDIS_URL|DSN|AUTH).*"
              + "|(.*_)?(PASS|PWD)|SPRING_.*|J(AVA|DK)_.*OPTIONS)");

  /** Keys by the beginnings that vendors give them. */
  private static final Pattern KEY =
      Pattern.compile("\\b(sk|pk|rk|hf|gsk|xai|ghp|gho|nvapi|AIza)[-_]?[A-Za-z0-9_-]{12,}");

  /** Values behind names such as {@code api_key=} and {@code "token":}. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:api[-_ ]?key|token|secret|password|passwd|authorization)[\"']?\\s*[=:]\\s*[\"']?"
              + "|--[a-z-]*(?:key|token|secret|password)[\"',]*\\s+[\"']?)"
              + "(?:(?:bearer|basic)\\s+)?[^\\s\"',;]{4,}");

  private static final Pattern BEARER = Pattern.compile("(?i)\\b(bearer|basic)\\s+[^\\s\"',;]{4,}");

  /** Names and passwords in addresses. */
  private static final Pattern USER_INFO = Pattern.compile("://[^/\\s@]+@");

  private final List<String> secrets;

  /** A scrubber that knows {@code secrets}. */
  Scrubber(Collection<String> secrets) {
    this.secrets =
        secrets.stream()
            .filter(secret -> secret.length() >= SHORTEST)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** Whether an environment variable of that name holds a secret. */
  static boolean isSecretName(String variable) {
    return NAME.matcher(variable.toUpperCase(Locale.ROOT)).matches();
  }

  /** {@code text} with stars where secrets were. */
  String scrub(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, STARS);
    }
    clean = USER_INFO.matcher(clean).replaceAll("://" + STARS + "@");
    clean = NAMED.matcher(clean).replaceAll("$1" + STARS);
    clean = BEARER.matcher(clean).replaceAll("$1 " + STARS);
    return KEY.matcher(clean).replaceAll(STARS);
  }
}
