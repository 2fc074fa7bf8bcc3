package io.iir.rules;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A rule as it lies in a folder. Immutable, as long as nobody writes into the content.
 *
 * @param id the rule's id: the file's name without its ending
 * @param name the file's name
 * @param content what is in it
 * @param hash the content's SHA-256, in hex
 * @param shipped whether it is the one that ships with the gateway
 */
@SuppressWarnings("ArrayRecordComponent") // compared by its hash
record RuleFile(String id, String name, byte[] content, String hash, boolean shipped) {

  /** How the names of route files end. */
  static final String SUFFIX = ".camel.yaml";

  /** The rule that the flow asks; its file is live whatever is in it. */
  static final String ENTRY = "provider-choice";

  /** How a file says that it is live, on a line that may be part of a text that is not YAML. */
  private static final Pattern MARK =
      Pattern.compile("(?m)^(?:[\\s-]*|[^#\n]*[{,]\\s*)group\\s*:\\s*[\"']?rules(?![\\w-])");

  /** The file {@code name} with {@code content}. */
  static RuleFile of(String name, byte[] content, boolean shipped) {
    return new RuleFile(idOf(name), name, content, hash(content), shipped);
  }

  /** The id of the rule in the file {@code name}. */
  static String idOf(String name) {
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /** Whether {@code content}, of the file {@code name}, is a rule and not a route of the flow. */
  static boolean isLive(String name, byte[] content) {
    return name.equals(ENTRY + SUFFIX)
        || MARK.matcher(new String(content, StandardCharsets.UTF_8)).find();
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String toString() {
    return name + "@" + hash.substring(0, 8);
  }
}
