package io.iir.provider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** An order of models. Models that it does not tell apart stay in the order in which they come. */
enum Ranking {

  /** By {@link Candidate#price}, the lowest first, those of unknown price last. */
  PRICE {
    @Override
    List<Candidate> rank(List<Candidate> models, Needs needs) {
      return sorted(models, Comparator.comparingDouble(Candidate::price));
    }
  },

  /**
   * By quality, the highest first; behind them those of unknown quality, hosted ones before local
   * ones before simulated ones.
   */
  QUALITY {
    @Override
    List<Candidate> rank(List<Candidate> models, Needs needs) {
      return sorted(
          models,
          Comparator.comparingDouble((Candidate model) -> -model.quality())
              .thenComparingInt(model ->
                  !Double.isNaN(model.quality()) || Flag.HOSTED.of(model)
                      ? 0
                      : model.isLocal() ? 1 : 2));
    }
  },

  /** By requests in flight, the fewest first; those that must be started last. */
  IDLENESS {
    @Override
    List<Candidate> rank(List<Candidate> models, Needs needs) {
      if (models.size() < 2) {
        return models;
      }
      long[] keys = new long[models.size()];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = models.get(i).inFlight() + NOT_READY * models.get(i).distance();
      }
      return byKeys(models, keys);
    }
  },

  /**
   * By the time that an answer takes, as {@link Load#answerMicros} tells; behind the measured ones
   * the others, local ones first, those that must be started last. Of the first {@value #TRIED}
   * models, the first that is not measured goes before all for users whose dice is below {@value
   * #TRYING}: else it never would be.
   */
  SPEED {
    @Override
    List<Candidate> rank(List<Candidate> models, Needs needs) {
      if (models.size() < 2) {
        return models;
      }
      long[] keys = new long[models.size()];
      int untried = -1;
      for (int i = 0; i < keys.length; i++) {
        long micros = models.get(i).load().answerMicros();
        boolean ready = models.get(i).isReady();
        boolean measured = micros >= 0 && ready;
        keys[i] =
            measured
                ? Math.min(micros + 1, UNKNOWN)
                : !ready
                    ? UNKNOWN + 2 + models.get(i).distance()
                    : models.get(i).isLocal() ? UNKNOWN + 1 : UNKNOWN + 2;
        if (!measured && ready && i < TRIED && (untried < 0 || keys[i] < keys[untried])) {
          untried = i;
        }
      }
      if (untried >= 0 && needs.dice() < TRYING) {
        keys[untried] = 0;
      }
      return byKeys(models, keys);
    }
  };

  private static final int TRIED = 8;
  private static final int TRYING = 5;
  private static final int PLACE_BITS = 20;
  private static final long UNKNOWN = (1L << (62 - PLACE_BITS)) - 6;

  /** More than any model has in flight. */
  private static final long NOT_READY = 1L << 32;

  /** {@code models}, the best for {@code needs} first. */
  abstract List<Candidate> rank(List<Candidate> models, Needs needs);

  /** Whether it depends on nothing but what is known of the models. */
  boolean isSteady() {
    return this == PRICE || this == QUALITY;
  }

  private static List<Candidate> sorted(List<Candidate> models, Comparator<Candidate> by) {
    List<Candidate> sorted = new ArrayList<>(models);
    sorted.sort(by);
    return sorted;
  }

  /** By keys that were read once: what goes on changes while it is put in order. */
  private static List<Candidate> byKeys(List<Candidate> models, long[] keys) {
    boolean inOrder = true;
    for (int i = 1; i < keys.length; i++) {
      inOrder &= keys[i - 1] <= keys[i];
    }
    if (inOrder) {
      return models;
    }
    for (int i = 0; i < keys.length; i++) {
      keys[i] = keys[i] << PLACE_BITS | i;
    }
    Arrays.sort(keys);
    Candidate[] sorted = new Candidate[keys.length];
    for (int i = 0; i < keys.length; i++) {
      sorted[i] = models.get((int) (keys[i] & ((1 << PLACE_BITS) - 1)));
    }
    return Arrays.asList(sorted);
  }
}
