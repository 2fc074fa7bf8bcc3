package io.iir.classify;

/**
 * What a conversation says of what is wanted now.
 *
 * @param last the text of the last user message; may be empty
 * @param previous the text of the user message before it, or its beginning; empty if there is none
 * @param system the text of the system prompt, or its beginning; empty if there is none
 */
public record Turns(String last, String previous, String system) {

  /** A single text. */
  public static Turns of(String text) {
    return new Turns(text, "", "");
  }
}
