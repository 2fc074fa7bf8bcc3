package io.iir.flow;

import org.jspecify.annotations.Nullable;

/** Something that a part of the gateway has to say at its start, such as where it answers. */
public interface StartNote {

  /** A word for what it is. */
  String title();

  /** What there is to say, in a line, without secrets; null: nothing. */
  @Nullable String text();
}
