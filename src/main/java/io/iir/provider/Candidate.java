package io.iir.provider;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A model that may be asked, with all that choosing needs to know of it. Thread-safe: what is known
 * is fixed, what goes on there is always the newest.
 */
public final class Candidate {

  private static final long DRAINED_SECONDS = 30;

  private final ModelName name;
  private final Resolved resolved;
  private final ModelFacts facts;
  private final Load load;
  private final Ways ways;
  private final boolean local;
  private final double price;
  private final double quality;

  Candidate(ModelName name, Resolved resolved, ModelFacts facts, Load load, Ways ways) {
    this.name = name;
    this.resolved = resolved;
    this.facts = facts;
    this.load = load;
    this.ways = ways;
    this.local = resolved.provider().isLocal();
    this.price = facts.price() == null ? Double.NaN : facts.price().blended();
    this.quality = facts.quality() == null ? Double.NaN : facts.quality();
  }

  /** A model of which nothing is known but whom to call for it, apart from all others. */
  public static Candidate of(ModelName name, Resolved resolved) {
    ModelTraffic traffic = new ModelTraffic();
    return new Candidate(
        name,
        resolved,
        ModelFacts.UNKNOWN,
        traffic.of(name),
        new Ways(resolved, traffic.provider(resolved.provider().name())));
  }

  /** How rules and clients know it. */
  public ModelName name() {
    return name;
  }

  /** Whether it answers at once: its server need not be started. */
  public boolean isReady() {
    OnDemandModel started = resolved.onDemand();
    return started == null || started.state() == Model.State.READY;
  }

  /** How far its server is from answering, as {@link Offer#distance} says; 0: it answers. */
  int distance() {
    OnDemandModel started = resolved.onDemand();
    return started == null ? 0 : Offer.distance(started.state());
  }

  /** Why it cannot be asked just now, in words that go behind its name; null if it can. */
  @Nullable String unavailable() {
    OnDemandModel started = resolved.onDemand();
    String reason = started == null ? null : started.unavailable();
    return reason != null ? reason : isDown() ? whyNot().words() : null;
  }

  /** Why a call to it may not begin, for one that may not. */
  public Unavailable whyNot() {
    if (ways.provider().drained()) {
      return new Unavailable("is drained: an administrator lets it rest", false, DRAINED_SECONDS);
    }
    long now = load.now();
    KeyRing keys = ways.keys();
    if (keys.allCooled(now)) {
      boolean limited = keys.onlyLimited(now);
      return new Unavailable(
          limited
              ? "has reached its provider's rate limit with each of %d keys"
                  .formatted(keys.keys().size())
              : "has no key left: its provider refuses %d of them".formatted(keys.keys().size()),
          limited,
          keys.retrySeconds(now));
    }
    return new Unavailable(load.breaker().words(), false, load.breaker().retrySeconds());
  }

  /** Whether requests that begin alike are to go to the same of its provider's endpoints. */
  public boolean isSticky() {
    return ways.sticky();
  }

  /** The ways to call it. */
  Ways ways() {
    return ways;
  }

  /** Whether it cannot be asked just now. */
  boolean isDown() {
    OnDemandModel started = resolved.onDemand();
    return load.isDown()
        || ways.provider().drained()
        || (ways.keys().several() && ways.keys().allCooled(load.now()))
        || (started != null && started.unavailable() != null);
  }

  /** Whom to call for it. */
  public Resolved resolved() {
    return resolved;
  }

  /** What is known of it. */
  public ModelFacts facts() {
    return facts;
  }

  /** Whether it runs on this machine or in its private network. */
  public boolean isLocal() {
    return local;
  }

  /** How many requests it is answering now. */
  public int inFlight() {
    return load.inFlight();
  }

  /** Whether its provider has stopped it by {@code day}, or stopped recommending it. */
  public boolean isDeprecated(LocalDate day) {
    LocalDate since = facts.about().deprecated();
    return since != null && !day.isBefore(since);
  }

  Load load() {
    return load;
  }

  /**
   * Whether it is stronger than {@code other}: by quality; where that of neither is known, or both
   * are the same, by price. A model of unknown quality is weaker than one whose quality is known.
   */
  public boolean isStrongerThan(Candidate other) {
    int by = compare(quality, other.quality);
    return (by == 0 ? compare(price, other.price) : by) > 0;
  }

  /** What is not known is less than all that is. */
  private static int compare(double one, double other) {
    return Double.compare(Double.isNaN(one) ? -1 : one, Double.isNaN(other) ? -1 : other);
  }

  /** USD a million tokens, blended; NaN: unknown. */
  double price() {
    return price;
  }

  /** 0 to 1; NaN: unknown. */
  double quality() {
    return quality;
  }

  @Override
  public String toString() {
    return name.id();
  }
}
