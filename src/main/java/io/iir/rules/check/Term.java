package io.iir.rules.check;

import io.iir.rules.language.Fact;
import org.jspecify.annotations.Nullable;

/**
 * One side of a comparison.
 *
 * @param kind what it is
 * @param at where it begins, from 0
 * @param text what is between the quotes, or all of it
 * @param fact what it asks; null if it asks none
 */
record Term(Kind kind, int at, String text, @Nullable Fact fact) {

  /** What a term can be. */
  enum Kind {
    /** A fact or a knob. */
    VARIABLE,
    /** A request header. */
    HEADER,
    /** A number drawn anew for each request. */
    RANDOM,
    /** What a listed bean answers. */
    BEAN,
    /** A text in quotes. */
    TEXT,
    /** A text in quotes with functions in it. */
    MIXED,
    /** A number. */
    NUMBER,
    /** {@code true}, {@code false} or {@code null}. */
    WORD
  }

  /** Whether its value is known from the text alone. */
  boolean isLiteral() {
    return kind == Kind.TEXT || kind == Kind.NUMBER || kind == Kind.WORD;
  }
}
