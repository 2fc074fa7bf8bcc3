package io.iir.provider;

import java.net.URI;
import java.util.List;

/**
 * What is known of a company that sells models.
 *
 * @param name the provider's name, and with {@code _API_KEY} and {@code _BASE_URL} behind it, in
 *     capitals, the environment variables it is set by
 * @param baseUrl where its OpenAI-compatible API is; empty for {@link #UNKNOWN}
 * @param otherKeys other environment variables that may hold its key
 * @param names how its list of models is to be read
 * @param kind how it is asked for its models
 */
public record Vendor(
    String name, String baseUrl, List<String> otherKeys, Names names, ProviderKind kind) {

  /** Nothing is known: a server that an operator runs or found. */
  public static final Vendor UNKNOWN = of("", "");

  /** How the list of models tells which names a vendor takes. */
  public enum Names {
    /** Those in the list and no others. */
    LISTED,
    /** Those in the list, also with {@code :<variant>} behind them. */
    VARIANTS,
    /** Others too, such as short names that always mean the newest version. */
    OTHERS,
    /** Any: there is no list. */
    UNLISTED
  }

  static Vendor of(String name, String baseUrl) {
    return new Vendor(name, baseUrl, List.of(), Names.LISTED, ProviderKind.OPENAI);
  }

  Vendor key(String variable) {
    return new Vendor(name, baseUrl, List.of(variable), names, kind);
  }

  Vendor takes(Names rule) {
    return new Vendor(name, baseUrl, otherKeys, rule, kind);
  }

  Vendor is(ProviderKind other) {
    return new Vendor(name, baseUrl, otherKeys, names, other);
  }

  /** The host that its API is at; empty for {@link #UNKNOWN}. */
  String host() {
    String host = URI.create(baseUrl).getHost();
    return host == null ? "" : host;
  }
}
