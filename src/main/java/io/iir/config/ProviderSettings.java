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
 * What an operator says of one provider.
 *
 * @param vendor the known vendor that it is, whatever its own name; null: the one of its name
 * @param protocol how it is spoken to; null: as its vendor wants it, else by OpenAI's
 * @param baseUrl what paths such as {@code /chat/completions} are put behind; null: from the
 *     environment or the table of vendors
 * @param baseUrls where else it is: endpoints with the same models, among which calls are spread
 * @param apiKey the key it is called with, or {@code file:} and where it stands; null: from the
 *     environment, or none
 * @param apiKeys other keys, which are used in turn with it
 * @param auth how a call says who calls; null: as its vendor or its protocol wants it
 * @param region where it runs, of vendors that have regions; null: from the environment
 * @param project the project that is billed, of vendors that have projects; null: from the
 *     environment
 * @param apiVersion the version of its API, of Azure OpenAI's older form; null: none is named
 * @param models {@code discover}, {@code any} or a list of names; null: as the vendor needs it,
 *     else {@code discover}
 * @param maxConnections connections to it, in all
 * @param maxPending requests that may wait for a connection
 * @param affinity which requests go to the same endpoint where there are several
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
   * @param interval how often it is asked; 0: never
   */
  public record Probe(@DefaultValue("0s") @PositiveDuration(orZero = true) Duration interval) {

    /** No questions. */
    public static final Probe OFF = new Probe(Duration.ZERO);
  }

  /**
   * How long each part of a call may take.
   *
   * @param connect to have a connection, TLS included
   * @param firstToken from the call's start to the first token of a stream
   * @param betweenTokens from one part of a stream to the next
   * @param total from start to end
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
