package io.iir.house;

/**
 * A setting as its table shows it.
 *
 * @param name {@code iir.cache.ttl}; {@code <name>} is what an operator chooses, {@code []} a place
 *     in a list
 * @param type what may be written there
 * @param otherwise what holds where nothing is written
 * @param meaning what it is for
 */
record Setting(String name, String type, String otherwise, String meaning) {

  String row() {
    return "| `%s` | %s | %s | %s |".formatted(name, type, otherwise, meaning);
  }
}
