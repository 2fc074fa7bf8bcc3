package io.iir.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a provider's new list changes, by names of models.
 *
 * @param found how many are there now
 * @param added those that never were before
 * @param gone those that were there the last time
 * @param back those that had gone
 */
record Changes(int found, List<String> added, List<String> gone, List<String> back) {

  /** Whether a model was there the last time. */
  enum Before {
    /** It was. */
    THERE,
    /** It was once. */
    GONE
  }

  /** What becomes of {@code before}, by name, where {@code now} are there. */
  static Changes of(Map<String, Before> before, List<String> now) {
    Map<String, Before> left = new LinkedHashMap<>(before);
    List<String> added = new ArrayList<>();
    List<String> back = new ArrayList<>();
    for (String name : now) {
      Before known = left.remove(name);
      if (known == null) {
        added.add(name);
      } else if (known == Before.GONE) {
        back.add(name);
      }
    }
    left.values().removeIf(known -> known == Before.GONE);
    return new Changes(now.size(), added, List.copyOf(left.keySet()), back);
  }
}
