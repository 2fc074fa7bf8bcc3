package io.iir.provider;

import java.util.List;
import java.util.Map;

/**
 * What is known of a company that sells models.
 *
 * @param name the provider's name, and with {@code _API_KEY} and {@code _BASE_URL} behind it, in
 *     capitals, the environment variables it is set by
 * @param baseUrl where its OpenAI-compatible API is; empty for {@link #UNKNOWN}
 * @param otherKeys other environment variables that may hold its key
 * @param names how its list of models is to be read
 * @param listPath where the list is, behind the base URL
 * @param listHeaders what the list wants to be asked with; {@code {key}} stands for the key
 * @param idPrefix what the list puts before each model's name though calls need it not
 */
public record Vendor(
    String name,
    String baseUrl,
    List<String> otherKeys,
    Names names,
    String listPath,
    Map<String, String> listHeaders,
    String idPrefix) {

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
    return new Vendor(name, baseUrl, List.of(), Names.LISTED, "/models", Map.of(), "");
  }

  Vendor key(String variable) {
    return new Vendor(name, baseUrl, List.of(variable), names, listPath, listHeaders, idPrefix);
  }

  Vendor takes(Names rule) {
    return new Vendor(name, baseUrl, otherKeys, rule, listPath, listHeaders, idPrefix);
  }

  Vendor list(String path, Map<String, String> headers) {
    return new Vendor(name, baseUrl, otherKeys, names, path, headers, idPrefix);
  }

  Vendor strips(String prefix) {
    return new Vendor(name, baseUrl, otherKeys, names, listPath, listHeaders, prefix);
  }
}
