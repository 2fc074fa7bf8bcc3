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
 */
public final class NearestName {

  /** Longer names are compared by their beginning, so that a huge one costs nothing. */
  private static final int LENGTH = 128;

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

  /** At most {@code max} of {@code names}, the nearest first, those that hold it before others. */
  public static List<String> of(String wanted, Collection<String> names, int max) {
    record Scored(String name, int score) {}
    String lower = wanted.toLowerCase(Locale.ROOT);
    return names.stream()
        .map(name -> {
          boolean part = !lower.isEmpty() && name.toLowerCase(Locale.ROOT).contains(lower);
          return new Scored(name, part ? distance(wanted, name) - LENGTH : distance(wanted, name));
        })
        .sorted(Comparator.comparingInt(Scored::score))
        .limit(max)
        .map(Scored::name)
        .toList();
  }

  static int distance(String left, String right) {
    String a = left.substring(0, Math.min(LENGTH, left.length())).toLowerCase(Locale.ROOT);
    String b = right.substring(0, Math.min(LENGTH, right.length())).toLowerCase(Locale.ROOT);
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
