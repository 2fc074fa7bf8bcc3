package io.iir.rules.check;

import io.iir.rules.language.Vocabulary;

/** Reads a text with {@code ${...}} in it, such as a log message. */
final class SimpleTemplate {

  private SimpleTemplate() {}

  /** Reads {@code text} to its end. */
  static void read(String text, Vocabulary vocabulary, SimpleScanner.Findings findings)
      throws SimpleFault {
    if (Fields.namesResource(text)) {
      throw new SimpleFault(0, "\"resource:\" is not allowed in rules", null);
    }
    SimpleScanner scanner = new SimpleScanner(text, vocabulary, findings);
    while (!scanner.atEnd()) {
      if (scanner.atFunction()) {
        scanner.function();
        if (scanner.looksAt("++") || scanner.looksAt("--")) {
          throw new SimpleFault(scanner.at(), "++ and -- are not allowed in rules", null);
        }
      } else {
        scanner.refuseBraces();
        if (scanner.here() == '\\') {
          throw new SimpleFault(scanner.at(), "'\\' is not allowed in a Simple text", null);
        }
        scanner.skip(1);
      }
    }
  }
}
