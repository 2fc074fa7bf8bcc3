package io.iir.provider;

/** What a client sent, made fit to be repeated in a message: short, and on one line. */
final class Quoted {

  private static final int LENGTH = 100;

  private Quoted() {}

  /** {@code text} with control characters as {@code ?}, cut after 100 characters. */
  static String of(String text) {
    String line =
        text.substring(0, Math.min(LENGTH, text.length()))
            .replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", "?");
    return text.length() > LENGTH ? line + "…" : line;
  }
}
