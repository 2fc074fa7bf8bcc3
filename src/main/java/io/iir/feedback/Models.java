package io.iir.feedback;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Asks models on the gateway's own account. Blocks. Thread-safe. */
public interface Models {

  /** What came of asking. */
  sealed interface Reply {

    /** The text of an answer; it shows nothing of it. */
    record Text(String text) implements Reply {
      @Override
      public String toString() {
        return "Text";
      }
    }

    /** None: why not, the end of a sentence, with nothing of what was said. */
    record None(String why) implements Reply {}
  }

  /** Asks for {@code chat}, the body of a chat request. */
  Reply ask(ObjectNode chat);
}
