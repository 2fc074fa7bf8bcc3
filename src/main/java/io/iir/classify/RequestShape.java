package io.iir.classify;

/**
 * What can be told of a request without reading its text.
 *
 * @param hasTools it offers at least one tool or function
 * @param hasImages at least one message part is an image
 * @param jsonMode it asks for JSON or for a JSON schema
 * @param messageCount its messages, the system's included; 0 or more
 * @param promptTokens estimated tokens of the whole prompt; 0 or more
 */
public record RequestShape(
    boolean hasTools, boolean hasImages, boolean jsonMode, int messageCount, int promptTokens) {

  /** One plain message whose size is not known. */
  public static final RequestShape PLAIN = new RequestShape(false, false, false, 1, 0);

  public RequestShape {
    if (messageCount < 0 || promptTokens < 0) {
      throw new IllegalArgumentException(
          "messageCount and promptTokens must not be negative: "
              + messageCount
              + ", "
              + promptTokens);
    }
  }
}
