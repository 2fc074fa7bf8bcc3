package io.iir.provider;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Counts the pages of a list, so that one that never ends does. For one thread. */
final class Pages {

  private static final int MOST = 50;

  private final Set<String> seen = new HashSet<>();

  /**
   * Goes on to the page that {@code cursor} marks.
   *
   * @throws IOException if it was asked for before, or is one too many
   */
  void turn(String cursor) throws IOException {
    if (!seen.add(cursor) || seen.size() > MOST) {
      throw new IOException("its list of models does not end");
    }
  }
}
