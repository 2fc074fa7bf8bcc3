package io.iir.hardware;

/** What a program wrote, made fit to stand in a sentence. Stateless. */
final class Said {

  private static final int MOST = 200;

  private Said() {}

  /** The first line of {@code outputs} that says something, in quotes; {@code nothing} if none. */
  static String first(String... outputs) {
    for (String output : outputs) {
      for (String line : output.split("\\R", -1)) {
        String clean = line.replaceAll("\\p{Cntrl}+", " ").strip();
        if (!clean.isEmpty()) {
          return "'" + (clean.length() > MOST ? clean.substring(0, MOST - 1) + "…" : clean) + "'";
        }
      }
    }
    return "nothing";
  }
}
