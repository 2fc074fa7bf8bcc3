package io.iir.rules.language;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a rule.
 *
 * @param file the file's name
 * @param line where, from 1; 0 if it concerns the whole file
 * @param column where, from 1; 0 if it concerns the whole line
 * @param message what is wrong, with the words of the file in it
 * @param hint how to mend it: what is allowed, what was perhaps meant; null if there is nothing to
 *     say
 */
public record Problem(String file, int line, int column, String message, @Nullable String hint) {

  /** {@code file:line:column: message (hint)}. */
  @Override
  public String toString() {
    String at =
        line == 0 ? file : column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    return at + ": " + message + (hint == null ? "" : " (" + hint + ")");
  }
}
