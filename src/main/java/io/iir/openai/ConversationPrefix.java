package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * How a conversation begins: its messages up to the first by the user, that one included. They stay
 * the same while the conversation goes on.
 */
final class ConversationPrefix {

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private ConversationPrefix() {}

  /** A hash (FNV-1a) of the beginning's bytes in {@code body}, a chat request; 0: it has none. */
  static long hash(byte[] body) {
    try (JsonParser in = JsonBytes.PLAIN.createParser(body)) {
      in.nextToken();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean messages = in.currentName().equals("messages");
        if (in.nextToken() == JsonToken.START_ARRAY && messages) {
          return messages(in, body);
        }
        in.skipChildren();
      }
    } catch (IOException e) {
      return 0; // it was read before: this one cannot be
    }
    return 0;
  }

  private static long messages(JsonParser in, byte[] body) throws IOException {
    long hash = OFFSET;
    boolean user = false;
    while (!user && in.nextToken() == JsonToken.START_OBJECT) {
      int start = (int) in.currentTokenLocation().getByteOffset();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean role = in.currentName().equals("role");
        user |= in.nextToken() == JsonToken.VALUE_STRING && role && in.getText().equals("user");
        in.skipChildren();
      }
      int end = (int) in.currentLocation().getByteOffset();
      for (int i = start; i < end; i++) {
        hash = (hash ^ body[i]) * PRIME;
      }
    }
    return hash;
  }
}
