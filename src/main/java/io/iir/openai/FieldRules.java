package io.iir.openai;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of a chat request's outermost fields a vendor of OpenAI's protocol takes by another name,
 * or refuses though they do no harm by being left out. Immutable.
 *
 * @param renamed the vendor's name of a field, by OpenAI's
 * @param dropped what is left out
 */
public record FieldRules(Map<String, String> renamed, Set<String> dropped) {

  /** All is as OpenAI has it. */
  public static final FieldRules NONE = new FieldRules(Map.of(), Set.of());

  public FieldRules {
    renamed = Map.copyOf(renamed);
    dropped = Set.copyOf(dropped);
  }

  /** Whether all is as OpenAI has it. */
  public boolean isEmpty() {
    return renamed.isEmpty() && dropped.isEmpty();
  }

  /** These, and {@code field} goes by the name {@code other}. */
  public FieldRules rename(String field, String other) {
    Map<String, String> all = new HashMap<>(renamed);
    all.put(field, other);
    return new FieldRules(all, dropped);
  }

  /** These, and {@code fields} are left out. */
  public FieldRules drop(String... fields) {
    Set<String> all = new LinkedHashSet<>(dropped);
    all.addAll(List.of(fields));
    return new FieldRules(renamed, all);
  }
}
