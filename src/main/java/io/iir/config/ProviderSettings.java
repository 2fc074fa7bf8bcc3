package io.iir.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One provider, by the name that its models' names begin with: <a href="#providers">Providers</a>.
 *
 * @param vendor the known vendor that it is, under whatever name: for a second account, resource or
 *     region; null: the one of its name, if there is one
 * @param protocol how it is spoken to; {@code sim} is a simulator inside the gateway; null: the
 *     vendor's, else {@code openai}
 * @param baseUrl what {@code /chat/completions}, or its like in another protocol, is put behind;
 *     without query and fragment; null: from the environment or the table of <a
 *     href="#providers">vendors</a>
 * @param baseUrls further endpoints with the same models; calls are <a
 *     href="RESILIENCE.md#endpoints">spread</a> over them and {@code base-url}, which the first of
 *     them stands for where it is not given
 * @param apiKey the key it is called with, or the file that holds it: {@code
 *     file:/run/secrets/openai}; null: from the environment, or none
 * @param apiKeys further keys, used <a href="RESILIENCE.md#keys">in turn</a> with {@code api-key};
 *     null: from the environment, or none
 * @param auth how a call says who calls: <a href="#keys">Keys</a>; null: as the vendor or the
 *     protocol wants it
 * @param region where it runs, of vendors that have regions; null: {@code AWS_REGION} or {@code
 *     AWS_DEFAULT_REGION}, else {@code us-east-1} (Bedrock); {@code GOOGLE_CLOUD_LOCATION}, else
 *     {@code global} (Vertex AI)
 * @param project the project that is billed, of Vertex AI; null: {@code GOOGLE_CLOUD_PROJECT}
 * @param apiVersion the version of the API that each call names, as Azure OpenAI's older form wants
 *     it; null: none
 * @param models which model names it takes: {@code discover}, its own list; {@code any}, every
 *     name; or a list of names. See <a href="#which-models-there-are">Which models there are</a>;
 *     null: {@code discover}; {@code any} for vendors without a list
 * @param timeouts how long each part of a call may take
 * @param maxConnections connections to it, in all
 * @param maxPending requests that may wait for a connection; beyond them the next target is asked.
 *     0: none waits
 * @param affinity which requests go to the same endpoint where there are several: {@code none},
 *     each goes where it is quickest; {@code prefix}, conversations that begin alike <a
 *     href="RESILIENCE.md#affinity">go together</a>
 * @param probe how endpoints that failed are tried without a client's request
 */
public record ProviderSettings(
    @Nullable String vendor,
    @Nullable Protocol protocol,
    @Nullable @BaseUrl String baseUrl,
    @DefaultValue @Size(max = 64, message = "must name at most 64 endpoints")
        List<@BaseUrl @NotBlank String> baseUrls,
    @Nullable @Key Secret apiKey,
    @DefaultValue @Size(max = 64, message = "must name at most 64 keys") List<@Key Secret> apiKeys,
    @Nullable AuthForm auth,
    @Nullable @Pattern(regexp = PART, message = NO_PART) String region,
    @Nullable @Pattern(regexp = PART, message = NO_PART) String project,
    @Nullable @Pattern(regexp = PART, message = NO_PART) String apiVersion,
    @Nullable @Size(min = 1, message = "must be 'discover', 'any' or a list of names")
        List<@NotBlank String> models,
    @DefaultValue @Valid Timeouts timeouts,
    @DefaultValue("256") @Min(1) int maxConnections,
    @DefaultValue("512") @Min(0) int maxPending,
    @DefaultValue("none") Affinity affinity,
    @DefaultValue @Valid Probe probe) {

  private static final String PART = "[A-Za-z0-9][A-Za-z0-9.:-]*";
  private static final String NO_PART = "must be of letters, digits, dots, colons and dashes";

  public ProviderSettings {
    baseUrl = baseUrl == null || baseUrl.isBlank() ? null : baseUrl.strip();
    apiKey = apiKey == null || apiKey.isEmpty() ? null : apiKey;
    baseUrls = baseUrls.stream().map(String::strip).toList();
    apiKeys = apiKeys.stream().filter(key -> !key.isEmpty()).toList();
    vendor = given(vendor);
    region = given(region);
    project = given(project);
    apiVersion = given(apiVersion);
  }

  private static @Nullable String given(@Nullable String text) {
    return text == null || text.isBlank() ? null : text.strip();
  }

  /** Which requests go to the same endpoint. */
  public enum Affinity {
    /** Each goes where it is quickest. */
    NONE,
    /** Those of conversations that begin alike, whose beginning the endpoint has in its cache. */
    PREFIX
  }

  /**
   * Questions of the gateway's own to a server nearby that failed.
   *
   * @param interval how often endpoints nearby that failed are <a
   *     href="RESILIENCE.md#probes">asked</a> for their models; {@code 0s}: never
   */
  public record Probe(@DefaultValue("0s") @PositiveDuration(orZero = true) Duration interval) {

    /** No questions. */
    public static final Probe OFF = new Probe(Duration.ZERO);
  }

  /**
   * How long each part of a call may take.
   *
   * @param connect to have a connection, TLS included
   * @param firstToken from the call's start, waiting for a connection included, to the first token;
   *     streams only
   * @param betweenTokens from one part of an answer to the next
   * @param total one call, from start to end; until the answer begins, {@code iir.failover.total}
   *     holds too
   */
  public record Timeouts(
      @DefaultValue("5s") @PositiveDuration Duration connect,
      @DefaultValue("120s") @PositiveDuration Duration firstToken,
      @DefaultValue("60s") @PositiveDuration Duration betweenTokens,
      @DefaultValue("10m") @PositiveDuration Duration total) {

    /** What holds where nothing is said. */
    public static final Timeouts DEFAULT =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(120),
            Duration.ofSeconds(60),
            Duration.ofMinutes(10));
  }
}
