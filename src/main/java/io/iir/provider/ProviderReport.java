package io.iir.provider;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a provider is now, for those who look after it. Holds no secret.
 *
 * @param name its name
 * @param protocol how it is spoken to
 * @param state in a word
 * @param inFlight how many calls to it go on
 * @param endpoints where it is
 * @param keys the keys it is called with
 * @param models those that were called
 * @param lastError what went wrong last with any of them; null: nothing has
 */
public record ProviderReport(
    String name,
    String protocol,
    State state,
    int inFlight,
    List<EndpointReport> endpoints,
    List<KeyReport> keys,
    List<ModelReport> models,
    @Nullable ErrorReport lastError) {

  /** How it is, in a word. */
  public enum State {
    /** As it should be. */
    UP,
    /** One of its models, endpoints or keys is not as it should be, or it gave no list. */
    DEGRADED,
    /** No endpoint, or no model that was called, takes calls. */
    DOWN,
    /** An administrator lets it rest. */
    DRAINED;

    /** In small letters. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An endpoint.
   *
   * @param url where
   * @param breaker {@code closed}, {@code open} (it is ejected) or {@code half_open}
   * @param inFlight how many calls to it go on
   * @param latencyMillis how long it takes until an answer begins, as a moving mean; NaN: unknown
   */
  public record EndpointReport(URI url, String breaker, int inFlight, double latencyMillis) {}

  /**
   * A key.
   *
   * @param id the beginning of its SHA-256
   * @param cooled whether it is not used now
   * @param refusedWith the status it was refused with last; 0: it was not, or has worked since
   * @param retrySeconds in how many seconds it is used again; 0: it is used
   */
  public record KeyReport(String id, boolean cooled, int refusedWith, long retrySeconds) {}

  /**
   * A model.
   *
   * @param id its name, as its provider knows it, behind the provider's
   * @param breaker {@code closed}, {@code open} or {@code half_open}
   * @param inFlight how many calls to it go on
   * @param firstTokenMillis until the first token, in the last five minutes
   * @param tokensPerSecond after it
   * @param lastError what went wrong last; null: nothing has
   */
  public record ModelReport(
      String id,
      String breaker,
      int inFlight,
      Percentiles firstTokenMillis,
      Percentiles tokensPerSecond,
      @Nullable ErrorReport lastError) {}

  /**
   * Of the values measured.
   *
   * @param p50 half are at most so great; NaN: none was measured
   * @param p95 95 of 100 are
   */
  public record Percentiles(double p50, double p95) {

    /** Of nothing. */
    public static final Percentiles NONE = new Percentiles(Double.NaN, Double.NaN);
  }

  /**
   * What went wrong.
   *
   * @param at when
   * @param what in a few words
   */
  public record ErrorReport(Instant at, String what) {}
}
