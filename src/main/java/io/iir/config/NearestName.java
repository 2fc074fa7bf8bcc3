package io.iir.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which of the names that exist was meant by one that does not: by the number of letters to put in,
 * take out, change or swap with their neighbour (the optimal string alignment distance), without
 * regard to case.
 *
 * <p>Cheap enough for an event loop: what is compared and with how much is bounded.
 */
public final class NearestName {

  /** The most names that are looked at; what a caller should not make more of. */
  public static final int MOST = 1000;

  /** Longer names are compared by their beginning: a letter is a bit of a word. */
  private static final int LENGTH = Long.SIZE;

  private NearestName() {}

  /** The nearest of {@code names} if it is near enough to be a slip of the hand, else null. */
  public static @Nullable String of(String wanted, Collection<String> names) {
    List<String> nearest = of(wanted, names, 1);
    if (nearest.isEmpty()) {
      return null;
    }
    int slips = distance(wanted, nearest.getFirst());
    boolean part =
        nearest.getFirst().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
    return slips <= Math.max(2, wanted.length() / 3) || (part && wanted.length() > 2)
        ? nearest.getFirst()
        : null;
  }

  /**
   * At most {@code max} of the first {@value #MOST} of {@code names}, the nearest first, those that
   * hold it before others.
   */
  public static List<String> of(String wanted, Collection<String> names, int max) {
    record Scored(String name, int score) {}
    String lower = wanted.toLowerCase(Locale.ROOT);
    Pattern pattern = new Pattern(beginning(wanted));
    return names.stream()
        .limit(MOST)
        .map(name -> {
          boolean part = !lower.isEmpty() && name.toLowerCase(Locale.ROOT).contains(lower);
          int distance = pattern.distance(beginning(name));
          return new Scored(name, part ? distance - LENGTH : distance);
        })
        .sorted(Comparator.comparingInt(Scored::score))
        .limit(max)
        .map(Scored::name)
        .toList();
  }

  static int distance(String left, String right) {
    return new Pattern(beginning(left)).distance(beginning(right));
  }

  private static String beginning(String name) {
    return name.substring(0, Math.min(LENGTH, name.length())).toLowerCase(Locale.ROOT);
  }

  /**
   * A name that others are compared with, a column of the matrix of distances at a time, as the
   * bits of a word.
   *
   * @see <a href="https://doi.org/10.1016/j.jda.2004.08.003">H. Hyyrö: Bit-parallel approximate
   *     string matching algorithms with transposition (2005)</a>
   */
  private static final class Pattern {

    private static final int ASCII = 128;

    private final String text;
    private final long[] places = new long[ASCII];

    Pattern(String text) {
      this.text = text.substring(0, Math.min(LENGTH, text.length()));
      for (int i = 0; i < this.text.length(); i++) {
        char c = this.text.charAt(i);
        if (c < ASCII) {
          places[c] |= 1L << i;
        }
      }
    }

    /** Where {@code c} stands, a bit each. */
    private long places(char c) {
      if (c < ASCII) {
        return places[c];
      }
      long found = 0;
      for (int i = text.indexOf(c); i >= 0; i = text.indexOf(c, i + 1)) {
        found |= 1L << i;
      }
      return found;
    }

    int distance(String other) {
      int distance = text.length();
      if (distance == 0) {
        return other.length();
      }
      long last = 1L << (distance - 1);
      long up = -1;
      long down = 0;
      long diagonal = 0;
      long before = 0;
      for (int j = 0; j < other.length(); j++) {
        long same = places(other.charAt(j));
        long swapped = ((~diagonal & same) << 1) & before;
        diagonal = (((same & up) + up) ^ up) | same | down | swapped;
        long right = down | ~(diagonal | up);
        long left = diagonal & up;
        if ((right & last) != 0) {
          distance++;
        }
        if ((left & last) != 0) {
          distance--;
        }
        right = (right << 1) | 1;
        left <<= 1;
        up = left | ~(diagonal | right);
        down = right & diagonal;
        before = same;
      }
      return distance;
    }
  }
}
