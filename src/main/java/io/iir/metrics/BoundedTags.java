package io.iir.metrics;

import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The values of a tag, of which there are never more than so many: what comes after that counts
 * together as {@link #OTHER}. Thread-safe.
 */
public final class BoundedTags {

  /** All values beyond the most that there may be. */
  public static final String OTHER = "other";

  /** There is no value. Neither word may be the name of a team. */
  public static final String NONE = "none";

  private final int most;
  private final ConcurrentMap<String, String> values = new ConcurrentHashMap<>();

  /** At most {@code most} values, {@code first} before others. */
  public BoundedTags(int most, Collection<String> first) {
    this.most = most;
    first.stream().limit(most).forEach(value -> values.put(value, value));
  }

  /** {@code value} if it is among those that count alone, else {@link #OTHER}. */
  public String of(String value) {
    String known = values.get(value);
    if (known != null) {
      return known;
    }
    return values.size() < most ? admit(value) : OTHER;
  }

  private synchronized String admit(String value) {
    if (values.size() >= most) {
      return values.getOrDefault(value, OTHER);
    }
    values.put(value, value);
    return value;
  }
}
