package io.iir.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * All settings, under {@code iir:}. Each is optional; {@code docs/CONFIGURATION.md} says what each
 * means. Immutable and validated: a gateway that has started has settings that make sense.
 *
 * <p>Longer than 300 lines because all settings can be seen in one place.
 *
 * @param port the port clients call; 0 takes a free one
 * @param host the address to listen on. All interfaces by default, because a container needs that;
 *     {@code 127.0.0.1} keeps the gateway to this machine
 * @param dataDir where the gateway keeps its state; {@code ~} is the user's home
 * @param routesDir where the YAML routes lie; {@code ~} is the user's home
 * @param adminKey the key for administration; one is made at the first start where none is given
 * @param redisUrl the Redis that several gateways share; null: each has its own state in memory
 * @param databaseUrl the PostgreSQL that they share; null: SQLite in the data directory
 * @param providers who answers, by the name that model names begin with
 * @param models what is known of models besides what their providers say
 * @param local models whose servers the gateway starts when a request needs them
 * @param aliases bare model names that clients may use, and what each stands for
 * @param teams what teams may use, by their names
 */
@Validated
@ConfigurationProperties(prefix = "iir", ignoreUnknownFields = false)
public record IirProperties(
    @DefaultValue("8000") @Min(0) @Max(65535) int port,
    @DefaultValue("0.0.0.0") @NotBlank String host,
    @DefaultValue("~/.agent_coder") @NotBlank String dataDir,
    @DefaultValue("routes") @NotBlank String routesDir,
    @Nullable @Key Secret adminKey,
    @Nullable Secret redisUrl,
    @Nullable Secret databaseUrl,
    @DefaultValue
        Map<
                @Pattern(
                    regexp = "(?!auto$)[a-z0-9][a-z0-9-]*",
                    message =
                        "must have a name of small letters, digits and dashes, and not 'auto'")
                String,
                @Valid ProviderSettings>
            providers,
    @DefaultValue List<@Valid ModelSettings> models,
    @DefaultValue Map<String, @NotBlank String> aliases,
    @DefaultValue @Valid Limits limits,
    @DefaultValue Map<@NotBlank String, @Valid TeamSettings> teams,
    @DefaultValue @Valid Budgets budgets,
    @DefaultValue @Valid UsageSettings usage,
    @DefaultValue @Valid IdempotencySettings idempotency,
    @DefaultValue @Valid StateSettings state,
    @DefaultValue @Valid Server server,
    @DefaultValue @Valid ManagementSettings management,
    @DefaultValue @Valid Shutdown shutdown,
    @DefaultValue @Valid Cache cache,
    @DefaultValue @Valid Stream stream,
    @DefaultValue @Valid Rules rules,
    @DefaultValue @Valid Failover failover,
    @DefaultValue @Valid Breaker breaker,
    @DefaultValue @Valid RetrySettings retry,
    @DefaultValue @Valid Hedge hedge,
    @DefaultValue @Valid Backend backend,
    @DefaultValue @Valid Discovery discovery,
    @DefaultValue @Valid Registry registry,
    @DefaultValue @Valid LocalSettings local,
    @DefaultValue @Valid Tls tls) {

  public IirProperties {
    adminKey = adminKey == null || adminKey.isEmpty() ? null : adminKey;
    redisUrl = redisUrl == null || redisUrl.isEmpty() ? null : redisUrl;
    databaseUrl = databaseUrl == null || databaseUrl.isEmpty() ? null : databaseUrl;
  }

  /** Where the gateway keeps its state. */
  public Path dataPath() {
    return UserPath.of(dataDir);
  }

  /** Where the YAML routes lie. */
  public Path routesPath() {
    return UserPath.of(routesDir);
  }

  /**
   * How much callers may use.
   *
   * @param defaults what a key may use that has no limits of its own
   * @param gateway what all may use together
   * @param models what all calls to a model may use together, by its name or a pattern of names
   */
  public record Limits(
      @DefaultValue @Valid @Name("default") Limit defaults,
      @DefaultValue @Valid OpenLimit gateway,
      @DefaultValue
          Map<
                  @Pattern(
                      regexp =
                          "\\*|[A-Za-z0-9][A-Za-z0-9._-]*/"
                              + "(\\*|[^\\s/*\\p{Cntrl}][^\\s*\\p{Cntrl}]*)",
                      message =
                          "must be named by a model, '<provider>/<model>', or a pattern,"
                              + " '<provider>/*' or '*'")
                  String,
                  @Valid OpenLimit>
              models) {}

  /**
   * What others than single keys may use; 0 is without limit.
   *
   * @param rpm requests a minute
   * @param tpm tokens a minute, prompt and completion together
   * @param concurrency requests at a time
   */
  public record OpenLimit(
      @DefaultValue("0") @Min(0) int rpm,
      @DefaultValue("0") @Min(0) int tpm,
      @DefaultValue("0") @Min(0) int concurrency) {}

  /**
   * Budgets that are not a key's or a team's, and what all have in common.
   *
   * @param gateway what all may spend together; null: as much as they like
   * @param alertAt shares of a budget, in percent: whoever has used so much is reported, once
   * @param maxOutput tokens that an answer may have where neither its request nor what is known of
   *     the model says so and a budget has to last
   */
  public record Budgets(
      @Nullable @Valid BudgetSettings gateway,
      @DefaultValue({"80", "100"})
          List<@NotNull(message = "must not be empty") @Min(1) @Max(100) Integer> alertAt,
      @DefaultValue("4096") @Min(1) @Max(10_000_000) int maxOutput) {}

  /**
   * What one key may use.
   *
   * @param rpm requests a minute
   * @param tpm tokens a minute, prompt and completion together
   * @param concurrency requests at a time
   */
  public record Limit(
      @DefaultValue("600") @Min(1) int rpm,
      @DefaultValue("400000") @Min(1) int tpm,
      @DefaultValue("64") @Min(1) int concurrency) {}

  /**
   * The side that clients call.
   *
   * @param maxBodySize the longest request body that is read
   * @param maxHeldSize how much memory the request bodies of all clients may take at once; a
   *     quarter of the heap where it is not given
   * @param tls the certificate to serve with; plain HTTP where there is none
   * @param headTimeout within which a request's head must be there
   * @param bodyTimeout within which a request's body must be there, once its head is
   * @param sendTimeout after which a client is dropped that takes nothing of its answer
   * @param idleTimeout after which a connection without a request is closed
   * @param docs whether {@code /docs} shows the API's pages
   */
  public record Server(
      @DefaultValue("20MB") @SizeBetween(min = "1KB", max = "1GB") DataSize maxBodySize,
      @Nullable @SizeBetween(min = "1KB", max = "1TB") DataSize maxHeldSize,
      @Nullable @Valid ServerTls tls,
      @DefaultValue("10s") @PositiveDuration Duration headTimeout,
      @DefaultValue("60s") @PositiveDuration Duration bodyTimeout,
      @DefaultValue("60s") @PositiveDuration Duration sendTimeout,
      @DefaultValue("75s") @PositiveDuration Duration idleTimeout,
      @DefaultValue("true") boolean docs) {

    /** How many bytes the request bodies of all clients may take at once. */
    public long maxHeldBytes() {
      return maxHeldSize == null ? Runtime.getRuntime().maxMemory() / 4 : maxHeldSize.toBytes();
    }
  }

  /**
   * How the gateway stops.
   *
   * @param delay how long new requests are still taken when {@code /health/ready} says no already,
   *     so that load balancers see it first
   * @param grace how long it then waits for the answers that are under way
   */
  public record Shutdown(
      @DefaultValue("0s") @PositiveDuration(orZero = true) Duration delay,
      @DefaultValue("60s") @PositiveDuration Duration grace) {}

  /**
   * What the gateway proves its identity with.
   *
   * @param certificate a PEM file: the certificate and the chain above it
   * @param privateKey a PEM file: the key of the certificate, PKCS#8, without a password
   */
  public record ServerTls(@NotBlank String certificate, @NotBlank String privateKey) {

    /** The certificate's file. */
    public Path certificatePath() {
      return UserPath.of(certificate);
    }

    /** The private key's file. */
    public Path privateKeyPath() {
      return UserPath.of(privateKey);
    }
  }

  /**
   * Answers kept in memory, and in Redis where there is one.
   *
   * @param enabled whether any are kept
   * @param maxSize how much memory all of them may take
   * @param maxEntry how long one answer may be to be kept
   * @param maxEntries how many are kept in memory
   * @param maxSharedSize how much of the memory of Redis all of them may take
   * @param ttl how long one is kept
   * @param scope who shares them
   * @param maxTemperature the answer to a request of a higher temperature is kept or taken only if
   *     its Cache-Control asks for that
   * @param coalesce whether of the same requests at the same time one is answered by a provider,
   *     and the others by its answer
   */
  public record Cache(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("256MB") @SizeBetween(min = "1KB", max = "1TB") DataSize maxSize,
      @DefaultValue("1MB") @SizeBetween(min = "1B", max = "1GB") DataSize maxEntry,
      @DefaultValue("100000") @Min(1) @Max(100_000_000) int maxEntries,
      @DefaultValue("256MB") @SizeBetween(min = "1KB", max = "1TB") DataSize maxSharedSize,
      @DefaultValue("1h") @PositiveDuration(maxDays = 365) Duration ttl,
      @DefaultValue("key") CacheScope scope,
      @DefaultValue("0") @Min(0) @Max(2) double maxTemperature,
      @DefaultValue("true") boolean coalesce) {}

  /** Who shares answers. */
  public enum CacheScope {
    /** Nobody: each key has its own. */
    KEY,
    /** The keys of a team that may call the same models; a key without a team has its own. */
    TEAM
  }

  /**
   * Streamed answers.
   *
   * @param keepAlive how often a comment is sent while the first token is awaited; 0 sends none
   */
  public record Stream(@DefaultValue("0s") @PositiveDuration(orZero = true) Duration keepAlive) {}

  /**
   * The operator's rules.
   *
   * @param poll how often the routes folder is looked at
   * @param settle how long a file must stay the same to be taken as written whole
   * @param headers the request headers that rules may read
   * @param record how many of the last decisions are kept for backtests; 0 keeps none
   * @param recordRate how many decisions a second are kept at most
   * @param history how many of a rule's last texts are kept
   */
  public record Rules(
      @DefaultValue("200ms") @PositiveDuration Duration poll,
      @DefaultValue("200ms") @PositiveDuration(orZero = true) Duration settle,
      @DefaultValue({"user-agent", "x-priority", "x-tenant"})
          List<
                  @Pattern(
                      regexp =
                          "(?!camel)(?!.*(authorization|cookie|key|token|secret))[a-z0-9-]{1,100}",
                      message = "must be a header's name in small letters, and none with a secret")
                  String>
              headers,
      @DefaultValue("10000") @Min(0) @Max(1_000_000) int record,
      @DefaultValue("100") @Min(1) @Max(1_000_000) int recordRate,
      @DefaultValue("500") @Min(2) @Max(100_000) int history) {}

  /**
   * Targets asked one after the other.
   *
   * @param total how long a request's attempts may take together until its answer begins
   */
  public record Failover(@DefaultValue("10m") @PositiveDuration Duration total) {}

  /**
   * When a model that fails is left alone, and for how long.
   *
   * @param minimumCalls fewer calls than these within the window tell nothing
   * @param failureRate the share of them, in percent, that must fail
   * @param window how far back calls count
   * @param openFor how long the model is left alone the first time; each time in a row it is twice
   *     as long, up to a minute or to this, if it is more
   * @param halfOpenProbes so many calls then decide whether it is well again
   */
  public record Breaker(
      @DefaultValue("10") @Min(1) @Max(10_000) int minimumCalls,
      @DefaultValue("50") @Min(1) @Max(100) int failureRate,
      @DefaultValue("60s") @PositiveDuration Duration window,
      @DefaultValue("5s") @PositiveDuration Duration openFor,
      @DefaultValue("2") @Min(1) @Max(1000) int halfOpenProbes) {

    /** What holds where nothing is said. */
    public static final Breaker DEFAULT =
        new Breaker(10, 50, Duration.ofSeconds(60), Duration.ofSeconds(5), 2);
  }

  /**
   * A second target asked beside one that is slow.
   *
   * @param after how long a target of the strategy {@code fastest} may take to begin its answer
   *     before; 0: nobody else is asked
   */
  public record Hedge(@DefaultValue("0s") @PositiveDuration(orZero = true) Duration after) {}

  /**
   * Calls to providers.
   *
   * @param resume whether the next target goes on with a text that breaks off after it began
   */
  public record Backend(@DefaultValue("false") boolean resume) {}

  /**
   * What is found without being configured.
   *
   * @param environment whether vendors whose key is in the environment are on
   * @param localPorts ports of this machine on which model servers are looked for, but not at the
   *     gateway's own
   * @param localInterval how often they are looked for
   * @param refresh how often providers are asked for their models; 0: on request only
   */
  public record Discovery(
      @DefaultValue("true") boolean environment,
      @DefaultValue({"8000", "8001", "11434", "8080", "1234"})
          List<@NotNull(message = "must not be empty") @Min(1) @Max(65535) Integer> localPorts,
      @DefaultValue("10s") @PositiveDuration Duration localInterval,
      @DefaultValue("0s") @PositiveDuration(orZero = true) Duration refresh) {}

  /**
   * What is recommended for this machine.
   *
   * @param advisor the model that ranks and explains what fits: {@code <provider>/<model>}, an
   *     alias or {@code auto}; null: none does
   * @param context tokens of prompt and answer for which recommended models must have room
   */
  public record Registry(
      @Nullable String advisor, @DefaultValue("8192") @Min(512) @Max(10_000_000) int context) {

    public Registry {
      advisor = advisor == null || advisor.isBlank() ? null : advisor.strip();
    }
  }

  /**
   * Calls to providers over TLS.
   *
   * @param trust a PEM file of authorities to trust besides those that Java trusts
   */
  public record Tls(@Nullable String trust) {

    /** The authorities' file, or null where there is none. */
    public @Nullable Path trustPath() {
      return trust == null || trust.isBlank() ? null : UserPath.of(trust);
    }
  }
}
