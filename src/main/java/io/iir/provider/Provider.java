package io.iir.provider;

import io.iir.config.Protocol;
import io.iir.config.ProviderSettings.Timeouts;
import io.iir.config.Secret;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who answers: a vendor, a server, the servers found on this machine, or the simulator. Immutable.
 *
 * @param name what model names begin with
 * @param protocol how it is spoken to
 * @param baseUrl what paths are put behind, without a slash at its end. {@code sim:/} for the
 *     simulator; for servers that were found, each model has its own: see {@link Resolved}
 * @param apiKey the key it is called with, if it wants one
 * @param models which names it takes
 * @param timeouts how long calls may take
 * @param maxConnections connections to it, in all
 * @param maxPending requests that may wait for a connection
 * @param vendor what is known of it beforehand
 * @param access what a call must know besides
 * @param fleet what there is more than one of
 */
public record Provider(
    String name,
    Protocol protocol,
    URI baseUrl,
    @Nullable Secret apiKey,
    ModelPolicy models,
    Timeouts timeouts,
    int maxConnections,
    int maxPending,
    Vendor vendor,
    Access access,
    Fleet fleet) {

  /** The name under which servers on this machine are found. */
  public static final String LOCAL = "local";

  /** The name of the simulator. */
  public static final String SIM = "sim";

  private static final int CONNECTIONS = 256;
  private static final int PENDING = 512;

  /** One that has one endpoint and at most one key. */
  public Provider(
      String name,
      Protocol protocol,
      URI baseUrl,
      @Nullable Secret apiKey,
      ModelPolicy models,
      Timeouts timeouts,
      int maxConnections,
      int maxPending,
      Vendor vendor,
      Access access) {
    this(
        name,
        protocol,
        baseUrl,
        apiKey,
        models,
        timeouts,
        maxConnections,
        maxPending,
        vendor,
        access,
        Fleet.NONE);
  }

  /** One that wants what its protocol usually does. */
  public Provider(
      String name,
      Protocol protocol,
      URI baseUrl,
      @Nullable Secret apiKey,
      ModelPolicy models,
      Timeouts timeouts,
      int maxConnections,
      int maxPending,
      Vendor vendor) {
    this(
        name,
        protocol,
        baseUrl,
        apiKey,
        models,
        timeouts,
        maxConnections,
        maxPending,
        vendor,
        Access.of(protocol));
  }

  /** An OpenAI-compatible server at {@code baseUrl}, with defaults for all else. */
  public static Provider openai(String name, URI baseUrl) {
    return new Provider(
        name,
        Protocol.OPENAI,
        baseUrl,
        null,
        new ModelPolicy.Discover(),
        Timeouts.DEFAULT,
        CONNECTIONS,
        PENDING,
        Vendor.UNKNOWN);
  }

  /** This provider, taking the names that {@code policy} says. */
  Provider with(ModelPolicy policy) {
    return new Provider(
        name,
        protocol,
        baseUrl,
        apiKey,
        policy,
        timeouts,
        maxConnections,
        maxPending,
        vendor,
        access,
        fleet);
  }

  /** This provider with what {@code many} says there is more than one of. */
  public Provider with(Fleet many) {
    return new Provider(
        name,
        protocol,
        baseUrl,
        apiKey,
        models,
        timeouts,
        maxConnections,
        maxPending,
        vendor,
        access,
        many);
  }

  /** This provider as it is called at {@code url} with {@code key}: one endpoint, one key. */
  Provider at(URI url, @Nullable Secret key) {
    return new Provider(
        name,
        protocol,
        url,
        key,
        models,
        timeouts,
        maxConnections,
        maxPending,
        vendor,
        access,
        Fleet.NONE);
  }

  /** All its endpoints, {@link #baseUrl} first. */
  public List<URI> baseUrls() {
    return Stream.concat(Stream.of(baseUrl), fleet.otherUrls().stream()).distinct().toList();
  }

  /** All its keys, {@link #apiKey} first; empty: it wants none. */
  public List<Secret> apiKeys() {
    return Stream.concat(Stream.ofNullable(apiKey), fleet.otherKeys().stream())
        .filter(key -> !key.isEmpty())
        .distinct()
        .toList();
  }

  /** The simulator under {@code name}. */
  public static Provider sim(String name) {
    return new Provider(
        name,
        Protocol.SIM,
        URI.create("sim:/"),
        null,
        new ModelPolicy.Listed(Sim.MODELS),
        Timeouts.DEFAULT,
        CONNECTIONS,
        PENDING,
        Vendor.UNKNOWN);
  }

  /** True if it runs on this machine or in its private network. */
  public boolean isLocal() {
    return protocol != Protocol.SIM && PrivateHost.is(baseUrl.getHost());
  }

  /** True if it is a service reached over the Internet. */
  public boolean isHosted() {
    return protocol != Protocol.SIM && !isLocal();
  }

  /** The name's alone: it tells providers apart, and a request must not go through all models. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
