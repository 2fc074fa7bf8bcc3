package io.iir.protocol;

import java.util.Locale;
import java.util.regex.Pattern;

/** Tells by its name whether a model of OpenAI's protocol takes {@code reasoning_effort}. */
final class Reasoners {

  private static final Pattern NAMES =
      Pattern.compile(
          "(^|[/:_.-])(o[134]([.:-]|$)|gpt-(5|oss)|deepseek-(r1|reasoner|v3[.-][1-9])|qwen-?3"
              + "|qwq|grok-(3-mini|4)|magistral|gemini-(2\\.5|[3-9])|glm-4\\.[5-9]|kimi-k2-thinking"
              + "|claude-(opus|sonnet|haiku)-[4-9])");

  private static final Pattern CHAT_ONLY = Pattern.compile("-chat(-latest)?$|-instruct");

  private Reasoners() {}

  /** Whether the model that its provider calls {@code name} is known to. */
  static boolean include(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAMES.matcher(lower).find() && !CHAT_ONLY.matcher(lower).find();
  }
}
