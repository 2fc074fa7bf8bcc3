package io.iir.provider;

import io.iir.config.AuthForm;
import io.iir.config.Protocol;
import io.iir.openai.FieldRules;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one who offers models: a company that sells them, or a server program.
 *
 * @param name the provider's name, and with {@code _API_KEY} and {@code _BASE_URL} behind it, in
 *     capitals, the environment variables it is set by
 * @param baseUrl where its API is, with {@code {region}} and {@code {project}} where those stand;
 *     empty where each customer has an address of its own, and for {@link #UNKNOWN}
 * @param place where it runs
 * @param otherKeys other environment variables that may hold its key
 * @param names how its list of models is to be read
 * @param kind how it is asked for its models
 * @param protocol how it is spoken to
 * @param auth how a call to it says who calls
 * @param fields what it makes of OpenAI's fields
 */
public record Vendor(
    String name,
    String baseUrl,
    Place place,
    List<String> otherKeys,
    Names names,
    ProviderKind kind,
    Protocol protocol,
    AuthForm auth,
    FieldRules fields) {

  /** Nothing is known: a server that an operator runs or found. */
  public static final Vendor UNKNOWN = of("", "");

  /** Where a vendor's models run. */
  public enum Place {
    /** On the Internet: a key in the environment is enough to have it. */
    HOSTED,
    /** In a cloud whose credentials serve for much else: it is to be configured. */
    CLOUD,
    /** On this machine: it is to be configured, or found. */
    MACHINE
  }

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
    return new Vendor(
        name,
        baseUrl,
        Place.HOSTED,
        List.of(),
        Names.LISTED,
        ProviderKind.OPENAI,
        Protocol.OPENAI,
        AuthForm.BEARER,
        FieldRules.NONE);
  }

  Vendor key(String variable) {
    List<String> all = new ArrayList<>(otherKeys);
    all.add(variable);
    return new Vendor(name, baseUrl, place, List.copyOf(all), names, kind, protocol, auth, fields);
  }

  Vendor takes(Names rule) {
    return new Vendor(name, baseUrl, place, otherKeys, rule, kind, protocol, auth, fields);
  }

  Vendor is(ProviderKind other) {
    return new Vendor(name, baseUrl, place, otherKeys, names, other, protocol, auth, fields);
  }

  Vendor in(Place where) {
    return new Vendor(name, baseUrl, where, otherKeys, names, kind, protocol, auth, fields);
  }

  Vendor speaks(Protocol other) {
    AuthForm usual = AuthForm.of(other);
    return new Vendor(name, baseUrl, place, otherKeys, names, kind, other, usual, fields);
  }

  Vendor auth(AuthForm form) {
    return new Vendor(name, baseUrl, place, otherKeys, names, kind, protocol, form, fields);
  }

  Vendor fields(FieldRules rules) {
    return new Vendor(name, baseUrl, place, otherKeys, names, kind, protocol, auth, rules);
  }

  /** The host that its API is at; null where there is no one host. */
  @Nullable String host() {
    return place == Place.MACHINE || baseUrl.indexOf('{') >= 0
        ? null
        : URI.create(baseUrl).getHost();
  }
}
