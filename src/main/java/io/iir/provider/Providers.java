package io.iir.provider;

import io.iir.config.AuthForm;
import io.iir.config.IirProperties;
import io.iir.config.NearestName;
import io.iir.config.Protocol;
import io.iir.config.ProviderSettings;
import io.iir.config.ProviderSettings.Affinity;
import io.iir.config.ProviderSettings.Probe;
import io.iir.config.ProviderSettings.Timeouts;
import io.iir.config.Secret;
import io.iir.config.SecretFile;
import io.iir.config.StartException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which providers there are, from settings and environment: those configured first, then vendors
 * whose key is in the environment, then the simulator. Servers that are found come to them later.
 */
public final class Providers {

  private static final int CONNECTIONS = 256;
  private static final int PENDING = 512;
  private static final ProviderSettings NOTHING_SAID =
      new ProviderSettings(
          null,
          null,
          null,
          List.of(),
          null,
          List.of(),
          null,
          null,
          null,
          null,
          null,
          Timeouts.DEFAULT,
          CONNECTIONS,
          PENDING,
          Affinity.NONE,
          Probe.OFF);

  private final IirProperties settings;
  private final Environment environment;

  private Providers(IirProperties settings, Environment environment) {
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
    return new Providers(settings, new Environment(environment)).all();
  }

  private List<Provider> all() {
    List<Provider> all = new ArrayList<>();
    settings.providers().forEach((name, one) -> all.add(configured(name, one)));
    if (settings.discovery().environment()) {
      for (Vendor vendor : Vendors.ALL) {
        if (!settings.providers().containsKey(vendor.name()) && isOn(vendor)) {
          all.add(provider(vendor.name(), NOTHING_SAID, vendor));
        }
      }
    }
    if (!settings.providers().containsKey(Provider.SIM)) {
      all.add(Provider.sim(Provider.SIM));
    }
    return List.copyOf(all);
  }

  /** Whether the environment is enough to have it: its key, and its address if that is its own. */
  private boolean isOn(Vendor vendor) {
    boolean addressed =
        !vendor.baseUrl().isEmpty() || environment.baseUrl(vendor.name(), vendor) != null;
    boolean needsProject = vendor.baseUrl().contains("{project}");
    return vendor.place() != Vendor.Place.MACHINE
        && addressed
        && !needsProject
        && !environment.keys(vendor.name(), vendor).isEmpty();
  }

  private Provider configured(String name, ProviderSettings one) {
    return one.protocol() == Protocol.SIM ? sim(name, one) : provider(name, one, vendor(name, one));
  }

  private static Vendor vendor(String name, ProviderSettings one) {
    if (one.vendor() == null) {
      return Vendors.named(name);
    }
    Vendor vendor = Vendors.named(one.vendor());
    if (vendor.equals(Vendor.UNKNOWN)) {
      List<String> names = Vendors.ALL.stream().map(Vendor::name).toList();
      String nearest = NearestName.of(one.vendor(), names);
      throw new StartException(
          "iir.providers.%s.vendor = '%s' is not a vendor known to the gateway%s"
              .formatted(
                  name,
                  one.vendor(),
                  nearest == null
                      ? ": those are " + String.join(", ", names) + "."
                      : ": did you mean '%s'?".formatted(nearest)));
    }
    return vendor;
  }

  private Provider provider(String name, ProviderSettings one, Vendor vendor) {
    Protocol protocol = one.protocol() == null ? vendor.protocol() : one.protocol();
    String apiVersion = Objects.requireNonNullElse(one.apiVersion(), "");
    String region = region(one, vendor);
    String project =
        one.project() == null
            ? environment.first("GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT")
            : one.project();
    List<URI> urls =
        Stream.concat(Stream.of(baseUrl(name, one, vendor)), one.baseUrls().stream())
            .map(url ->
                Addresses.of(
                    Addresses.completed(url, vendor, protocol, apiVersion), name, region, project))
            .distinct()
            .toList();
    List<Secret> keys = keys(name, one, vendor);
    Secret key = keys.isEmpty() ? null : keys.getFirst();
    AuthForm form = Access.form(vendor, protocol, one.auth());
    return new Provider(
        name,
        protocol,
        urls.getFirst(),
        key,
        policy(one.models(), vendor),
        one.timeouts(),
        one.maxConnections(),
        one.maxPending(),
        vendor,
        new Access(key == null ? form : form.withKey(), region, apiVersion),
        new Fleet(
            urls.stream().skip(1).toList(),
            keys.stream().skip(1).toList(),
            one.affinity(),
            one.probe().interval()));
  }

  /** What settings say; where they leave it out, what the environment says. */
  private List<Secret> keys(String name, ProviderSettings one, Vendor vendor) {
    if (one.apiKey() == null && one.apiKeys().isEmpty()) {
      return environment.keys(name, vendor);
    }
    String where = "iir.providers.%s.api-key".formatted(name);
    return Stream.concat(
            Stream.ofNullable(one.apiKey()).map(key -> SecretFile.resolve(key, where)),
            one.apiKeys().stream().map(key -> SecretFile.resolve(key, where + "s")))
        .distinct()
        .toList();
  }

  private String baseUrl(String name, ProviderSettings one, Vendor vendor) {
    if (one.baseUrl() == null && !one.baseUrls().isEmpty()) {
      return one.baseUrls().getFirst();
    }
    String baseUrl = one.baseUrl() == null ? environment.baseUrl(name, vendor) : one.baseUrl();
    if (baseUrl != null) {
      return baseUrl;
    }
    if (vendor.baseUrl().isEmpty()) {
      throw new StartException(
          "iir.providers.%s.base-url is missing: %s, and %s is not set."
              .formatted(
                  name,
                  vendor.name().isEmpty()
                      ? "'%s' is not a vendor known to the gateway".formatted(name)
                      : "each customer of '%s' has an address of its own".formatted(vendor.name()),
                  Environment.variable(name, "BASE_URL")));
    }
    return vendor.baseUrl();
  }

  /** Where a vendor that has regions is called; empty for others. */
  private String region(ProviderSettings one, Vendor vendor) {
    if (one.region() != null) {
      return one.region();
    }
    return switch (vendor.auth()) {
      case AWS ->
          Objects.requireNonNullElse(
              environment.first("AWS_REGION", "AWS_DEFAULT_REGION"), "us-east-1");
      case GOOGLE ->
          Objects.requireNonNullElse(environment.first("GOOGLE_CLOUD_LOCATION"), "global");
      default -> "";
    };
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

  private static ModelPolicy policy(@Nullable List<String> setting, Vendor vendor) {
    if (setting != null) {
      return ModelPolicy.of(setting);
    }
    return vendor.names() == Vendor.Names.UNLISTED
        ? new ModelPolicy.Any()
        : new ModelPolicy.Discover();
  }

  /**
   * The environment variables that may hold the key of {@code vendor}, the first that does wins.
   */
  static List<String> keyVariables(Vendor vendor) {
    return Environment.keyVariables(vendor.name(), vendor);
  }

  /** The environment variables that may hold the key of the provider {@code name}. */
  public static List<String> keyVariables(String name) {
    return Environment.keyVariables(name, Vendors.named(name));
  }
}
