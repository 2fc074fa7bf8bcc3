package io.iir.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator says of one provider.
 *
 * @param protocol how it is spoken to
 * @param baseUrl what paths such as {@code /chat/completions} are put behind; null: from the
 *     environment or the table of vendors
 * @param apiKey the key it is called with; null: from the environment, or none
 * @param models {@code discover}, {@code any} or a list of names; null: as the vendor needs it,
 *     else {@code discover}
 * @param maxConnections connections to it, in all
 * @param maxPending requests that may wait for a connection
 */
public record ProviderSettings(
    @DefaultValue("openai") Protocol protocol,
    @Nullable @BaseUrl String baseUrl,
    @Nullable @Key Secret apiKey,
    @Nullable @Size(min = 1, message = "must be 'discover', 'any' or a list of names")
        List<@NotBlank String> models,
    @DefaultValue @Valid Timeouts timeouts,
    @DefaultValue("256") @Min(1) int maxConnections,
    @DefaultValue("512") @Min(0) int maxPending) {

  public ProviderSettings {
    baseUrl = baseUrl == null || baseUrl.isBlank() ? null : baseUrl.strip();
    apiKey = apiKey == null || apiKey.isEmpty() ? null : apiKey;
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
