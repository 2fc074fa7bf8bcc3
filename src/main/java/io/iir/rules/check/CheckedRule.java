package io.iir.rules.check;

import io.iir.rules.language.Outline;
import org.apache.camel.model.RouteDefinition;

/** A rule's text that both gates let in. Immutable. */
public final class CheckedRule {

  private final Outline outline;
  private final String text;
  private final Definitions definitions;

  /** Makes definitions. */
  interface Definitions {

    /** A new one at each call. */
    RouteDefinition make(Hooks hooks);
  }

  CheckedRule(Outline outline, String text, Definitions definitions) {
    this.outline = outline;
    this.text = text;
    this.definitions = definitions;
  }

  /** What was found in it. */
  public Outline outline() {
    return outline;
  }

  /** As it was read. */
  public String text() {
    return text;
  }

  /** A new definition, as one that was started must not be started again. */
  public RouteDefinition definition(Hooks hooks) {
    return definitions.make(hooks);
  }
}
