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
 * All settings, under {@code iir:}. Each is optional. Immutable and validated: a gateway that has
 * started has settings that make sense.
 *
 * <p>What stands here of each component of each record is what {@code docs/CONFIGURATION.md} says
 * of the setting; behind {@code null:} stands what holds where it is not given.
 *
 * <p>Longer than 300 lines because all settings can be seen in one place.
 *
 * @param port the port clients call; 0 takes a free one, which the log names
 * @param host the address to listen on. {@code 0.0.0.0} is all interfaces, because a container
 *     needs that; {@code 127.0.0.1} keeps the gateway to this machine
 * @param dataDir where the gateway keeps its state; {@code ~} is the home of its user. Each gateway
 *     needs one of its own
 * @param routesDir where the YAML routes and rules lie; {@code ~} is the home of its user. A file
 *     there takes the place of the one of the same name that comes with the gateway
 * @param adminKey the key for administration, of 16 characters or more. Only its hash is kept;
 *     null: made and printed at the first start
 * @param redisUrl the Redis that several gateways share: {@code
 *     redis://[user:password@]host[:port][/database]}, {@code rediss://…} for TLS, {@code
 *     redis-sentinel://[:password@]host[:port][,host…][/database]#master}, {@code
 *     redis-socket:///path}. What it is for, and what happens without it: <a
 *     href="RESILIENCE.md#redis-and-the-database">Redis and the database</a>. Also the variable
 *     {@code REDIS_URL}; null: none, each gateway for itself
 * @param databaseUrl the <a href="SETUP.md#postgresql">PostgreSQL</a> that several gateways share:
 *     {@code postgres://…}, {@code postgresql://…} or {@code jdbc:postgresql://…}. Also the
 *     variable {@code DATABASE_URL}; null: none, SQLite in the data directory
 * @param providers who answers, by the name that model names begin with
 * @param models what is known of models besides what their providers say
 * @param local models whose servers the gateway starts when a request needs them
 * @param aliases a bare name that clients may ask for, and what it stands for: {@code
 *     <provider>/<model>}, or {@code auto}, such as {@code gpt-4o: openai/gpt-4o}
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
    @DefaultValue
        Map<
                @NotBlank
                @Pattern(
                    regexp = "(?!(none|other)$).*",
                    message = "must not be 'none' or 'other', which mean others in metrics")
                String,
                @Valid TeamSettings>
            teams,
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
    @DefaultValue @Valid ClassifySettings classify,
    @DefaultValue @Valid Failover failover,
    @DefaultValue @Valid Breaker breaker,
    @DefaultValue @Valid RetrySettings retry,
    @DefaultValue @Valid Hedge hedge,
    @DefaultValue @Valid Backend backend,
    @DefaultValue @Valid Discovery discovery,
    @DefaultValue @Valid Registry registry,
    @DefaultValue @Valid LocalSettings local,
    @DefaultValue @Valid Tls tls,
    @DefaultValue @Valid LogSettings log,
    @DefaultValue @Valid TraceSettings trace) {

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
   * How much callers may use within any minute and at a time: <a href="LIMITS.md">Limits</a>. All
   * limits that a request falls under hold for it.
   *
   * @param defaults what a key may use that has no limits of its own
   * @param gateway what all may use together
   * @param models what all callers of a model may use together: named {@code <provider>/<model>},
   *     or all models together that {@code <provider>/*} or {@code *} means. All entries that mean
   *     a model hold for it
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
   * @param rpm requests a minute, of all together; 0: without limit
   * @param tpm tokens a minute, of all together, prompts and answers; 0: without limit
   * @param concurrency requests at a time, of all together; 0: without limit
   */
  public record OpenLimit(
      @DefaultValue("0") @Min(0) int rpm,
      @DefaultValue("0") @Min(0) int tpm,
      @DefaultValue("0") @Min(0) int concurrency) {}

  /**
   * Budgets that are not a key's or a team's, and what all have in common: <a
   * href="LIMITS.md#budgets">Budgets</a>.
   *
   * @param gateway what all may spend together; null: as much as they like
   * @param alertAt shares of any budget, in percent: whoever has spent so much is reported, once a
   *     period; {@code []} reports nobody
   * @param maxOutput tokens that an answer is taken to have where neither its request nor what is
   *     known of the model says so and a budget has to last
   */
  public record Budgets(
      @Nullable @Valid BudgetSettings gateway,
      @DefaultValue({"80", "100"})
          List<@NotNull(message = "must not be empty") @Min(1) @Max(100) Integer> alertAt,
      @DefaultValue("4096") @Min(1) @Max(10_000_000) int maxOutput) {}

  /**
   * What one key may use.
   *
   * @param rpm requests a minute of a key without limits of its own
   * @param tpm its tokens a minute, prompt and completion together
   * @param concurrency its requests at a time
   */
  public record Limit(
      @DefaultValue("600") @Min(1) int rpm,
      @DefaultValue("400000") @Min(1) int tpm,
      @DefaultValue("64") @Min(1) int concurrency) {}

  /**
   * The side that clients call: how much and how slowly they may send. No limit here can be
   * switched off.
   *
   * @param maxBodySize the longest request body; a longer one is refused with 413 before it is read
   * @param maxHeldSize the memory that the request bodies of all clients may take at once; who
   *     comes then is refused with 503; null: a quarter of the heap
   * @param tls the certificate to serve with; null: plain HTTP
   * @param headTimeout within which a request's head must be there; else the connection is closed
   * @param bodyTimeout within which a request's body must be there, once its head is; else 408
   * @param sendTimeout after which a client that takes nothing of its answer is dropped; counted
   *     between two bytes that it takes
   * @param idleTimeout after which a connection without a request is closed
   * @param docs whether [{@code /docs}](API.md#the-apis-pages) shows the API's pages
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
   * How the gateway [stops](RESILIENCE.md#stopping).
   *
   * @param delay how long a gateway that is told to stop still takes new requests while {@code
   *     /health/ready} is 503 already, so that load balancers see it first
   * @param grace how long it then waits for the answers under way; after that, streams end with an
   *     error event and the others with 503
   */
  public record Shutdown(
      @DefaultValue("0s") @PositiveDuration(orZero = true) Duration delay,
      @DefaultValue("60s") @PositiveDuration Duration grace) {}

  /**
   * What the gateway proves its identity with.
   *
   * @param certificate PEM: the certificate and the chain above it. Without it the gateway speaks
   *     plain HTTP
   * @param privateKey PEM: the key of the certificate, PKCS#8, without a password; goes with the
   *     certificate
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
   * Answers kept to be given again, in memory, and in Redis where there is one: <a
   * href="CACHING.md">Caching</a>.
   *
   * @param enabled whether any answer is kept; {@code false} keeps none and coalesces nothing
   * @param maxSize the memory that all answers in memory may take. Copies of streams under way take
   *     a quarter more, or one {@code iir.cache.max-entry} if that is larger, but not more than
   *     this; a stream for which there is no room is not kept
   * @param maxEntry the longest answer that is kept
   * @param maxEntries how many answers are kept in memory
   * @param maxSharedSize the memory that all answers in Redis may take, with what lies beside each
   *     (512 bytes); those that expire first make room
   * @param ttl how long an answer is kept, where its rule does not say
   * @param scope who shares answers: {@code key}, nobody; {@code team}, the keys of a team that may
   *     call the same models, a key without a team none
   * @param maxTemperature the answer to a request of a higher {@code temperature} is kept or taken
   *     only if its {@code Cache-Control} asks for that
   * @param coalesce whether of the same requests at the same time one is answered by a provider,
   *     and the others <a href="CACHING.md#the-same-at-the-same-time">by its answer</a>
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
   * @param keepAlive how often a comment is sent while the first token is awaited, so that proxies
   *     between do not give up; {@code 0s} sends none
   */
  public record Stream(@DefaultValue("0s") @PositiveDuration(orZero = true) Duration keepAlive) {}

  /**
   * The operator's <a href="ROUTING.md">rules</a>: how they are watched, and what is remembered of
   * them.
   *
   * @param poll how often the routes folder is looked at for changed rules
   * @param settle how long a file must stay the same to be taken as written whole; {@code 0s} takes
   *     it when it has been seen twice
   * @param headers the clients' headers that rules may read, in small letters; none whose name says
   *     {@code authorization}, {@code cookie}, {@code key}, {@code token} or {@code secret}. They
   *     are kept with the recorded decisions and reach no provider
   * @param record how many of the last decisions are kept in memory for backtests, about 1 KB each;
   *     0 keeps none
   * @param recordRate how many decisions a second are kept at most: so the record spans minutes of
   *     a busy gateway's traffic
   * @param history how many of a rule's last texts are kept in the database
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
   * Targets asked one after the other: <a href="RESILIENCE.md">Resilience</a>.
   *
   * @param total how long all attempts of a request may take together until its answer begins: then
   *     no further target is asked, and the running attempt is cut. A whole answer begins when it
   *     is complete
   */
  public record Failover(@DefaultValue("10m") @PositiveDuration Duration total) {}

  /**
   * When a model that fails is left alone, and for how long: <a
   * href="RESILIENCE.md#circuit-breakers">Circuit breakers</a>.
   *
   * @param minimumCalls fewer calls to a model than these within the window tell nothing, and open
   *     no breaker
   * @param failureRate the share of them, in percent, that must fail
   * @param window how far back calls count, in whole seconds
   * @param openFor how long the model is left alone the first time; twice as long each time in a
   *     row, up to a minute, or to this if it is more
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
   * A second target asked beside one that is slow: <a href="RESILIENCE.md#hedging">Hedging</a>.
   *
   * @param after how long a target of the strategy {@code fastest} may take to begin its answer
   *     before the next one is asked beside it; {@code 0s}: nobody else is asked
   */
  public record Hedge(@DefaultValue("0s") @PositiveDuration(orZero = true) Duration after) {}

  /**
   * Calls to providers.
   *
   * @param resume whether the next target <a href="RESILIENCE.md#resuming">goes on</a> with a
   *     streamed text that breaks off after it began
   */
  public record Backend(@DefaultValue("false") boolean resume) {}

  /**
   * What is found without being configured: <a href="DISCOVERY.md">Discovery</a>.
   *
   * @param environment whether vendors whose key is in the environment are on
   * @param localPorts ports of this machine on which model servers are looked for, but not the
   *     gateway's own; {@code []} looks for none
   * @param localInterval how often they are looked for, and servers nearby that failed are asked
   *     again
   * @param refresh how often providers are asked for their models; {@code 0s}: only where no list
   *     of them is kept, and on {@code POST /v1/registry/refresh}
   */
  public record Discovery(
      @DefaultValue("true") boolean environment,
      @DefaultValue({"8000", "8001", "8002", "11434", "8080", "1234"})
          List<@NotNull(message = "must not be empty") @Min(1) @Max(65535) Integer> localPorts,
      @DefaultValue("10s") @PositiveDuration Duration localInterval,
      @DefaultValue("0s") @PositiveDuration(orZero = true) Duration refresh) {}

  /**
   * What is recommended for this machine: <a href="RECOMMENDATIONS.md">Recommendations</a>.
   *
   * @param advisor the model that ranks and explains the models that fit this machine: {@code
   *     <provider>/<model>}, an alias or {@code auto}; null: none, the ranking by formula stands
   *     alone
   * @param context tokens of prompt and answer for which recommended models must have room
   */
  public record Registry(
      @Nullable String advisor, @DefaultValue("8192") @Min(512) @Max(10_000_000) int context) {

    public Registry {
      advisor = advisor == null || advisor.isBlank() ? null : advisor.strip();
    }
  }

  /**
   * Calls to providers over TLS. Certificates are always checked.
   *
   * @param trust PEM: authorities to trust in calls to providers, besides those that Java trusts;
   *     null: no others
   */
  public record Tls(@Nullable String trust) {

    /** The authorities' file, or null where there is none. */
    public @Nullable Path trustPath() {
      return trust == null || trust.isBlank() ? null : UserPath.of(trust);
    }
  }
}
