package io.iir.provider;

import java.util.Locale;

/**
 * A model that can be asked for. Immutable.
 *
 * @param id {@code <provider>/<model>}
 * @param provider the provider's name
 * @param upstream the name the provider knows it by
 * @param created when it came to be, seconds since 1970; 0 where the provider does not say
 * @param ownedBy whose it is
 * @param state how sure it is that it is there
 * @param facts what else is known of it
 */
public record Model(
    String id,
    String provider,
    String upstream,
    long created,
    String ownedBy,
    State state,
    ModelFacts facts) {

  /** How sure it is that a model is there. */
  public enum State {
    /** Its provider listed it when last asked. */
    LISTED,
    /** Its provider listed it once, but could not be asked the last time, or since the start. */
    STALE,
    /** An operator named it, or it is built in. */
    CONFIGURED,
    /** Its server is not running, and is started when a request needs it. */
    STOPPED,
    /** Its server is being started. */
    LOADING,
    /** Its server runs, and is stopped when no request needs it. */
    READY,
    /** Its server cannot be started, or has ended by itself. */
    FAILED,
    /** The product's catalogue names it; whether the provider has it, a call will show. */
    CATALOGUE,
    /** Its provider takes the name; whether it has the model, a call will show. */
    UNLISTED;

    /** The name in lower case, as clients see it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Its name in its two parts. */
  public ModelName name() {
    return new ModelName(provider, id.substring(provider.length() + 1));
  }

  /** This model with other facts. */
  Model knownAs(ModelFacts other) {
    return new Model(id, provider, upstream, created, ownedBy, state, other);
  }
}
