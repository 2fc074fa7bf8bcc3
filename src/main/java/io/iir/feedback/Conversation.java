package io.iir.feedback;

import io.iir.openai.ModelRequest;

/**
 * Tells conversations of a key apart, without a word of them: by a hash (FNV-1a, 64 bits) of the
 * text that is classified, the number of messages, and the tokens that all of them are estimated
 * at.
 */
public record Conversation(String keyId, long text, int messages, int tokens) {

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  /** The conversation that {@code request} of the key {@code keyId} is. */
  public static Conversation of(String keyId, ModelRequest request) {
    String text = request.text();
    long hash = OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return new Conversation(keyId, hash, request.messageCount(), request.promptTokens());
  }
}
