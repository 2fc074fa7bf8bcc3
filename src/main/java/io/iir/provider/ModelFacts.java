package io.iir.provider;

import io.iir.config.Capability;
import io.iir.config.ModelSettings;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a model; what is null or in neither set is not known. Immutable.
 *
 * @param context tokens of prompt and answer together
 * @param maxOutput tokens of an answer
 * @param price what it costs
 * @param quality how good its answers are, 0 to 1
 * @param can what it is known to be able to do
 * @param cannot what it is known not to be able to do
 * @param about what is told of it besides
 */
public record ModelFacts(
    @Nullable Integer context,
    @Nullable Integer maxOutput,
    @Nullable Price price,
    @Nullable Double quality,
    Set<Capability> can,
    Set<Capability> cannot,
    About about) {

  /** Nothing is known. */
  public static final ModelFacts UNKNOWN =
      new ModelFacts(null, null, null, null, Set.of(), Set.of());

  /** Facts about which nothing is told besides. */
  public ModelFacts(
      @Nullable Integer context,
      @Nullable Integer maxOutput,
      @Nullable Price price,
      @Nullable Double quality,
      Set<Capability> can,
      Set<Capability> cannot) {
    this(context, maxOutput, price, quality, can, cannot, About.NOTHING);
  }

  public ModelFacts {
    can = copy(can);
    cannot = copy(cannot);
  }

  private static Set<Capability> copy(Set<Capability> some) {
    EnumSet<Capability> copy = EnumSet.noneOf(Capability.class);
    copy.addAll(some);
    return Collections.unmodifiableSet(copy);
  }

  /** What an operator says. */
  static ModelFacts of(ModelSettings settings) {
    EnumSet<Capability> can = EnumSet.noneOf(Capability.class);
    EnumSet<Capability> cannot = EnumSet.noneOf(Capability.class);
    List<Capability> all = settings.capabilities();
    if (all != null) {
      can.addAll(all);
      if (!can.isEmpty() && Collections.disjoint(can, Capability.OPERATIONS)) {
        can.add(Capability.CHAT);
      }
      cannot.addAll(EnumSet.complementOf(can));
    }
    ModelSettings.Price price = settings.price();
    return new ModelFacts(
        settings.context(),
        settings.maxOutput(),
        price == null ? null : new Price(price.input(), price.output()),
        settings.quality(),
        can,
        cannot);
  }

  /** These facts, and where they leave something open, what {@code others} say. */
  public ModelFacts over(ModelFacts others) {
    EnumSet<Capability> canToo = EnumSet.noneOf(Capability.class);
    canToo.addAll(others.can);
    canToo.removeAll(cannot);
    canToo.addAll(can);
    EnumSet<Capability> cannotEither = EnumSet.noneOf(Capability.class);
    cannotEither.addAll(others.cannot);
    cannotEither.removeAll(can);
    cannotEither.addAll(cannot);
    return new ModelFacts(
        context == null ? others.context : context,
        maxOutput == null ? others.maxOutput : maxOutput,
        price == null ? others.price : price,
        quality == null ? others.quality : quality,
        canToo,
        cannotEither,
        about(others));
  }

  /** Whose word the quality is, is whose measure it is by. */
  private About about(ModelFacts others) {
    About both = about.over(others.about);
    return quality == null
        ? both
        : new About(
            about.qualitySource(),
            both.inputs(),
            both.outputs(),
            both.deprecated(),
            both.quantization(),
            both.source());
  }

  /** These facts with {@code other} as the price. */
  public ModelFacts priced(@Nullable Price other) {
    return new ModelFacts(context, maxOutput, other, quality, can, cannot, about);
  }

  /** These facts, free of charge where no price is known: what runs on the operator's machines. */
  ModelFacts orFree() {
    return price == null ? priced(Price.FREE) : this;
  }

  /** What holds for variants of the model, too: neither price nor length of answers. */
  public ModelFacts ofVariant() {
    return new ModelFacts(context, null, null, quality, can, cannot, about);
  }
}
