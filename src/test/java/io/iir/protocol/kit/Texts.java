package io.iir.protocol.kit;

/** Texts that are easy to get wrong. */
public final class Texts {

  /** Several alphabets, a character of two code units, joined ones, escapes and control marks. */
  public static final String UNICODE =
      "Grüße, 世界! العربية हिन्दी 👩‍👩‍👧‍👦 𝄞 \"quoted\" back\\slash\ttab\n"
          + "line \u2028 \u0001 é é end";

  private Texts() {}

  /** A text of 1 MiB in UTF-8 that is nowhere the same for long. */
  public static String large() {
    StringBuilder text = new StringBuilder(1 << 20);
    for (int i = 0; text.length() < 1 << 20; i++) {
      text.append(i).append(" bottles of milk\n");
    }
    text.setLength(1 << 20);
    return text.toString();
  }
}
