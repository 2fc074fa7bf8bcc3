package io.iir.provider;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Which of a provider's endpoints a call goes to.
 *
 * <p>By power of two choices: of two that are drawn by chance, the one where another call costs
 * less (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001). With a hash,
 * by rendezvous: the one that, hashed together with it, gives the greatest number (Thaler and
 * Ravishankar, 1998), so that each hash keeps its endpoint whatever becomes of the others; passed
 * over where it has a quarter more calls than the mean (bounded load: Mirrokni, Thorup and
 * Zadimoghaddam, 2018). Pure functions; a set of endpoints is a mask of bits, so there are at most
 * 64.
 */
final class Balance {

  private static final double BOUND = 1.25;

  private Balance() {}

  /** One of those in {@code open}; -1: there is none. */
  static int cheapest(List<Endpoint> all, long open, RandomGenerator random) {
    int count = Long.bitCount(open);
    if (count < 2) {
      return count == 0 ? -1 : Long.numberOfTrailingZeros(open);
    }
    int one = random.nextInt(count);
    int other = random.nextInt(count - 1);
    int first = nth(open, one);
    int second = nth(open, other < one ? other : other + 1);
    return costs(all.get(first), all.get(second)) <= 0 ? first : second;
  }

  /** The one of those in {@code open} that {@code hash} belongs to; -1: there is none. */
  static int nearest(List<Endpoint> all, long open, long hash) {
    int total = 0;
    for (long left = open; left != 0; left &= left - 1) {
      total += all.get(Long.numberOfTrailingZeros(left)).inFlight();
    }
    int most = (int) Math.ceil(BOUND * (total + 1) / Math.max(1, Long.bitCount(open)));
    int best = -1;
    long bestScore = 0;
    for (long left = open; left != 0; left &= left - 1) {
      int i = Long.numberOfTrailingZeros(left);
      long score = mixed(hash ^ mixed(all.get(i).url().hashCode()));
      // The calls of all are no more than the bound times their number: one at least is below it.
      if (all.get(i).inFlight() < most && (best < 0 || score > bestScore)) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  /** Negative if {@code one} costs less; one that is not measured is as quick as the other. */
  private static int costs(Endpoint one, Endpoint other) {
    double left = one.cost();
    double right = other.cost();
    return Double.isNaN(left) || Double.isNaN(right)
        ? Integer.compare(one.inFlight(), other.inFlight())
        : Double.compare(left, right);
  }

  private static int nth(long mask, int n) {
    long left = mask;
    for (int i = 0; i < n; i++) {
      left &= left - 1;
    }
    return Long.numberOfTrailingZeros(left);
  }

  /** Bits well mixed: the finaliser of SplitMix64 (Steele, Lea and Flood, 2014). */
  private static long mixed(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
