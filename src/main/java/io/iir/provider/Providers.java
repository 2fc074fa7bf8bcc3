package io.iir.provider;

import io.iir.config.BaseUrl;
import io.iir.config.IirProperties;
import io.iir.config.Protocol;
import io.iir.config.ProviderSettings;
import io.iir.config.ProviderSettings.Affinity;
import io.iir.config.ProviderSettings.Timeouts;
import io.iir.config.Secret;
import io.iir.config.StartException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which providers there are, from settings and environment: those configured first, then vendors
 * whose key is in the environment, then the simulator. Servers that are found come to them later.
 */
public final class Providers {

  private final IirProperties settings;
  private final Function<String, @Nullable String> environment;

  private Providers(IirProperties settings, Function<String, @Nullable String> environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /**
   * The providers that {@code settings} and {@code environment}, asked by variable, make.
   *
   * @throws StartException if one has no base URL, or a variable holds no URL or key
   */
  public static List<Provider> of(
      IirProperties settings, Function<String, @Nullable String> environment) {
    return new Providers(settings, environment).all();
  }

  private List<Provider> all() {
    List<Provider> all = new ArrayList<>();
    settings.providers().forEach((name, one) -> all.add(configured(name, one)));
    if (settings.discovery().environment()) {
      for (Vendor vendor : Vendors.ALL) {
        if (!settings.providers().containsKey(vendor.name())
            && !keys(vendor.name(), vendor).isEmpty()) {
          all.add(fromEnvironment(vendor));
        }
      }
    }
    if (!settings.providers().containsKey(Provider.SIM)) {
      all.add(Provider.sim(Provider.SIM));
    }
    return List.copyOf(all);
  }

  private Provider configured(String name, ProviderSettings one) {
    if (one.protocol() == Protocol.SIM) {
      return sim(name, one);
    }
    Vendor vendor = Vendors.named(name);
    String baseUrl = one.baseUrl();
    if (baseUrl == null && !one.baseUrls().isEmpty()) {
      baseUrl = one.baseUrls().getFirst();
    }
    if (baseUrl == null) {
      baseUrl = baseUrl(name, vendor);
    }
    if (baseUrl == null) {
      throw new StartException(
          "iir.providers.%s.base-url is missing: '%s' is not a vendor known to the gateway, and %s is not set."
              .formatted(name, name, variable(name, "BASE_URL")));
    }
    List<Secret> keys = keys(name, vendor, one);
    return new Provider(
        name,
        one.protocol(),
        uri(baseUrl),
        first(keys),
        policy(one.models(), vendor),
        one.timeouts(),
        one.maxConnections(),
        one.maxPending(),
        vendor,
        new Fleet(
            one.baseUrls().stream().map(Providers::uri).toList(),
            keys.stream().skip(1).toList(),
            one.affinity(),
            one.probe().interval()));
  }

  private static Provider sim(String name, ProviderSettings one) {
    if (one.baseUrl() != null
        || !one.baseUrls().isEmpty()
        || one.apiKey() != null
        || !one.apiKeys().isEmpty()
        || one.models() != null) {
      throw new StartException(
          "iir.providers.%s is a simulator (protocol: sim), which has no base-url, api-key or models of its own."
              .formatted(name));
    }
    return Provider.sim(name);
  }

  private Provider fromEnvironment(Vendor vendor) {
    String baseUrl = baseUrl(vendor.name(), vendor);
    Provider usual =
        Provider.openai(vendor.name(), uri(baseUrl == null ? vendor.baseUrl() : baseUrl));
    List<Secret> keys = keys(vendor.name(), vendor);
    return new Provider(
        usual.name(),
        usual.protocol(),
        usual.baseUrl(),
        first(keys),
        policy(null, vendor),
        Timeouts.DEFAULT,
        usual.maxConnections(),
        usual.maxPending(),
        vendor,
        new Fleet(List.of(), keys.stream().skip(1).toList(), Affinity.NONE, Duration.ZERO));
  }

  /** What settings say; of what they leave out, what the environment says. */
  private List<Secret> keys(String name, Vendor vendor, ProviderSettings one) {
    if (one.apiKey() == null && one.apiKeys().isEmpty()) {
      return keys(name, vendor);
    }
    return Stream.concat(Stream.ofNullable(one.apiKey()), one.apiKeys().stream())
        .distinct()
        .toList();
  }

  private static @Nullable Secret first(List<Secret> keys) {
    return keys.isEmpty() ? null : keys.getFirst();
  }

  private static ModelPolicy policy(@Nullable List<String> setting, Vendor vendor) {
    if (setting != null) {
      return ModelPolicy.of(setting);
    }
    return vendor.names() == Vendor.Names.UNLISTED
        ? new ModelPolicy.Any()
        : new ModelPolicy.Discover();
  }

  private @Nullable String baseUrl(String name, Vendor vendor) {
    String variable = variable(name, "BASE_URL");
    String value = value(variable);
    if (value == null) {
      return vendor.baseUrl().isEmpty() ? null : vendor.baseUrl();
    }
    String problem = BaseUrl.Check.problem(value);
    if (problem != null) {
      throw new StartException(
          "environment variable %s = '%s' %s.".formatted(variable, value, problem));
    }
    return value;
  }

  /** The keys in the environment: that of {@code …_API_KEY}, then those of {@code …_API_KEYS}. */
  private List<Secret> keys(String name, Vendor vendor) {
    List<Secret> keys = new ArrayList<>();
    for (String variable : keyVariables(name, vendor)) {
      String value = value(variable);
      if (value != null) {
        keys.add(key(variable, value));
        break;
      }
    }
    String variable = variable(name, "API_KEYS");
    String several = value(variable);
    if (several != null) {
      Stream.of(several.split(",", -1))
          .filter(value -> !value.isBlank())
          .map(value -> key(variable, value))
          .forEach(keys::add);
    }
    return keys.stream().distinct().toList();
  }

  private static Secret key(String variable, String value) {
    Secret key = Secret.of(value);
    if (!key.isPrintable()) {
      throw new StartException(
          "environment variable %s must be visible ASCII without spaces.".formatted(variable));
    }
    return key;
  }

  private @Nullable String value(String variable) {
    String value = environment.apply(variable);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static String variable(String name, String what) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + what;
  }

  private static URI uri(String baseUrl) {
    return URI.create(baseUrl.replaceAll("/+$", ""));
  }

  /**
   * The environment variables that may hold the key of {@code vendor}, the first that does wins.
   */
  static List<String> keyVariables(Vendor vendor) {
    return keyVariables(vendor.name(), vendor);
  }

  /** The environment variables that may hold the key of the provider {@code name}. */
  public static List<String> keyVariables(String name) {
    return keyVariables(name, Vendors.named(name));
  }

  private static List<String> keyVariables(String name, Vendor vendor) {
    List<String> variables = new ArrayList<>();
    variables.add(variable(name, "API_KEY"));
    variables.addAll(vendor.otherKeys());
    return variables;
  }
}
