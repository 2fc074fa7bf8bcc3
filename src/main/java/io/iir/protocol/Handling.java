package io.iir.protocol;

import java.util.Locale;

/** What a protocol makes of a field of a chat request. */
public enum Handling {
  /** It reaches the model. */
  CARRIED,
  /** It is left out and named in {@code x-iir-dropped}; the answer is no worse for it. */
  DROPPED,
  /** A request that has it is refused with 400, for the answer would not be what was asked for. */
  REFUSED;

  /** The name in lower case, as the documentation writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
