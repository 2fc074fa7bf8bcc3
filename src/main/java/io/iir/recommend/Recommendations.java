package io.iir.recommend;

import io.iir.catalog.CatalogModel;
import io.iir.catalog.OpenWeights;
import io.iir.config.Capability;
import io.iir.hardware.Hardware;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which models with open weights a machine can run: a pure function, whose formulas, sources and
 * errors are in {@code docs/RECOMMENDATIONS.md}.
 *
 * <p>Of each model that chats, all quantizations are tried on the GPUs, on GPUs and in main memory,
 * and in main memory. GPUs go before main memory and Q4_K_M or better before less ({@link
 * Fit#compromises}); of what is left, the best by {@link Fit#score} is recommended: a better
 * quantization as long as it stays fast. Models that embed are left out, as is what would write
 * less than a token a second, and what no command is known to start.
 */
public final class Recommendations {

  private static final double SLOWEST = 1;
  private static final double GB = 1e9;
  private static final Comparator<Recommendation> BEST =
      Comparator.comparingDouble((Recommendation one) -> -one.score())
          .thenComparing(Recommendation::model);

  private Recommendations() {}

  /**
   * What of {@code models} {@code hardware} can run, the best first.
   *
   * @param context tokens of prompt and answer that there must be room for; of a model that takes
   *     fewer, so many
   */
  public static List<Recommendation> of(
      Hardware hardware, Collection<CatalogModel> models, int context) {
    Machine machine = Machine.of(hardware);
    List<Recommendation> all = new ArrayList<>();
    for (CatalogModel model : models) {
      OpenWeights weights = model.weights();
      if (weights != null && model.facts().can().contains(Capability.CHAT)) {
        Recommendation best = best(machine, model, weights, context);
        if (best != null) {
          all.add(best);
        }
      }
    }
    all.sort(BEST);
    return List.copyOf(all);
  }

  private static @Nullable Recommendation best(
      Machine machine, CatalogModel model, OpenWeights weights, int wanted) {
    Integer most = model.facts().context();
    int context = most == null ? wanted : Math.min(wanted, most);
    Double quality = model.facts().quality();
    Fit best = null;
    for (Quantization quantization : quantizations(model)) {
      for (Fit fit : machine.fits(weights, quantization, context)) {
        boolean better = best == null || fit.isBetterThan(best, quality);
        if (better
            && fit.tokensPerSecond() >= SLOWEST
            && !Commands.of(weights, fit, context, machine).isEmpty()) {
          best = fit;
        }
      }
    }
    return best == null ? null : recommendation(machine, model, weights, best, context);
  }

  private static Set<Quantization> quantizations(CatalogModel model) {
    return model.id().startsWith("gpt-oss-")
        ? EnumSet.of(Quantization.MXFP4)
        : EnumSet.complementOf(EnumSet.of(Quantization.MXFP4));
  }

  private static Recommendation recommendation(
      Machine machine, CatalogModel model, OpenWeights weights, Fit fit, int context) {
    Double quality = model.facts().quality();
    Double prompt = fit.secondsPerPromptToken();
    return new Recommendation(
        model.id(),
        fit.quantization().name(),
        fit.placement(),
        context,
        Math.round(fit.bytes()),
        round(fit.tokensPerSecond(), 10),
        prompt == null ? null : round(1 / prompt, 1),
        quality == null ? null : round(fit.quantization().left(quality), 1000),
        round(fit.score(quality), 1000),
        Commands.of(weights, fit, context, machine),
        notes(machine, fit, quality, context));
  }

  private static List<String> notes(
      Machine machine, Fit fit, @Nullable Double quality, int context) {
    List<String> notes = new ArrayList<>();
    if (fit.gpus() > 1) {
      notes.add("Needs %d GPUs.".formatted(fit.gpus()));
    }
    switch (fit.placement()) {
      case GPU -> notes.add("Leaves %s of GPU memory.".formatted(gigabytes(fit.leaves())));
      case SPLIT ->
          notes.add(
              "%d layers lie on the GPU, the others in main memory, of which it leaves %s."
                  .formatted(fit.layersOnGpu(), gigabytes(fit.leaves())));
      case CPU -> {
        notes.add("Leaves %s of main memory.".formatted(gigabytes(fit.leaves())));
        if (!machine.gpus().isEmpty()) {
          notes.add("Runs in main memory, although there is a GPU.");
        }
      }
    }
    Double prompt = fit.secondsPerPromptToken();
    if (prompt != null && context * prompt >= 1) {
      notes.add(
          "A prompt of %d tokens takes about %d s."
              .formatted(context, Math.round(context * prompt)));
    }
    if (quality == null) {
      notes.add("Its quality is not known: it is ranked as if it were low.");
    }
    if (fit.assumed()) {
      notes.add("How fast the memory is read is not known: the speed assumes a slow one.");
    }
    return notes;
  }

  private static String gigabytes(double bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / GB);
  }

  private static double round(double value, int parts) {
    return (double) Math.round(value * parts) / parts;
  }
}
