package io.iir.rules;

import java.util.List;
import java.util.Map;

/**
 * What rules decide for a request, and how they come to it. Immutable.
 *
 * @param verdict what they decide: the shipped rules' decision where the others fail
 * @param steps the branches that the request comes to
 * @param versions the number of each rule's text, 0 for one that is only tried
 */
public record Explained(Verdict verdict, List<Trace.Step> steps, Map<String, Long> versions) {
  public Explained {
    steps = List.copyOf(steps);
    versions = Map.copyOf(versions);
  }
}
