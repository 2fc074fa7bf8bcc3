package io.iir.api.messages;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Ids in Anthropic's form. */
final class Ids {

  private static final String MESSAGE = "msg_";
  private static final String OPENAI = "chatcmpl-";

  private Ids() {}

  /** A message's id, made of the completion's. */
  static String message(@Nullable String completion) {
    if (completion == null || completion.isEmpty()) {
      return MESSAGE + random();
    }
    if (completion.startsWith(MESSAGE)) {
      return completion;
    }
    return MESSAGE
        + (completion.startsWith(OPENAI) ? completion.substring(OPENAI.length()) : completion);
  }

  /** A tool call's id where the provider has given none. */
  static String toolCall() {
    return "toolu_" + random();
  }

  private static String random() {
    return UUID.randomUUID().toString().replace("-", "");
  }
}
