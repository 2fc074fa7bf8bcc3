package io.iir.rules.language;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of one request when a rule decides. Immutable once it is handed on. */
@SuppressWarnings("EnumOrdinal") // an array is half the memory of an EnumMap, for each request
public final class Facts {

  private static final int COUNT = Fact.values().length;

  private final @Nullable Object[] values = new Object[COUNT];
  private final Map<String, String> headers;

  /** Facts without values; {@code headers} are those that rules may read, names in lower case. */
  public Facts(Map<String, String> headers) {
    this.headers = headers;
  }

  /** Sets a value; null: it is not set. Returns this. */
  public Facts with(Fact fact, @Nullable Object value) {
    values[fact.ordinal()] = value;
    return this;
  }

  /** The value, or null if it is not set. */
  public @Nullable Object get(Fact fact) {
    return values[fact.ordinal()];
  }

  /** The text, or "" if it is not set. */
  public String text(Fact fact) {
    Object value = values[fact.ordinal()];
    return value == null ? "" : value.toString();
  }

  /** The number, or 0 if it is not set. */
  public int number(Fact fact) {
    return values[fact.ordinal()] instanceof Integer number ? number : 0;
  }

  /** Whether it is set and true. */
  public boolean is(Fact fact) {
    return Boolean.TRUE.equals(values[fact.ordinal()]);
  }

  /** The headers that rules may read, names in lower case. */
  public Map<String, String> headers() {
    return headers;
  }

  /** Those that are set, by word. */
  public Map<Fact, Object> set() {
    Map<Fact, Object> all = new EnumMap<>(Fact.class);
    for (Fact fact : Fact.values()) {
      Object value = values[fact.ordinal()];
      if (value != null) {
        all.put(fact, value);
      }
    }
    return all;
  }
}
