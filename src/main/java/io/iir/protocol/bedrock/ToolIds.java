package io.iir.protocol.bedrock;

import java.util.regex.Pattern;

/** Ids of tool calls as Converse takes them: 1 to 64 letters, digits, dashes and underscores. */
final class ToolIds {

  private static final int LONGEST = 64;
  private static final Pattern FIT = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

  private ToolIds() {}

  /** {@code id}, or what stands for it: the same for the same id, another for another. */
  static String fit(String id) {
    if (FIT.matcher(id).matches()) {
      return id;
    }
    String mark = "_" + Integer.toHexString(id.hashCode());
    String plain = id.replaceAll("[^a-zA-Z0-9_-]", "_");
    return plain.substring(0, Math.min(plain.length(), LONGEST - mark.length())) + mark;
  }
}
