package io.iir.protocol.gemini;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Ids for calls that Gemini gave none. They are known again, so that they do not go back to it: it
 * then matches calls and their results by order. One an answer.
 */
final class CallIds {

  private static final String PREFIX = "call_gemini_";

  private final String answer = Long.toHexString(ThreadLocalRandom.current().nextLong());
  private int count;

  String next() {
    return PREFIX + answer + "_" + count++;
  }

  static boolean isMadeUp(String id) {
    return id.startsWith(PREFIX);
  }
}
