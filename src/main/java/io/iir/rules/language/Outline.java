package io.iir.rules.language;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a rule's text when it was checked.
 *
 * @param id the rule's id
 * @param reads the facts that its conditions and values read
 * @param headers the request headers that they read, in lower case
 * @param calls the rules that it hands on to
 * @param branches its cases, in the order of the text
 */
public record Outline(
    String id, Set<Fact> reads, Set<String> headers, Set<String> calls, List<Branch> branches) {

  public Outline {
    reads = Set.copyOf(reads);
    headers = Set.copyOf(headers);
    calls = Set.copyOf(calls);
    branches = List.copyOf(branches);
  }

  /**
   * A case of a {@code choice}, or a {@code filter}.
   *
   * @param id its id in the text, else {@code line-<line>}
   * @param line where it begins, from 1
   * @param condition the Simple text; null with {@code otherwise}
   * @param description what the text says it is for; null if nothing
   */
  public record Branch(
      String id, int line, @Nullable String condition, @Nullable String description) {}
}
