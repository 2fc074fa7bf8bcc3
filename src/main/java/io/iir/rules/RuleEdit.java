package io.iir.rules;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text that is not live, to be tried.
 *
 * @param id the rule that it is to be
 * @param text the text
 */
public record RuleEdit(String id, String text) {

  private static final Pattern OWN_ID =
      Pattern.compile("(?m)(?:^[ \\t]+(?:- )?|[{,][ \\t]*)id:[ \\t]*[\"']?([^\"'\\n,}#]*)");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,99}");

  /** The first id is the route's; a text without one is tried as the rule that the flow asks. */
  public static RuleEdit of(String text) {
    Matcher own = OWN_ID.matcher(text);
    String id = own.find() ? own.group(1).strip() : "";
    return new RuleEdit(ID.matcher(id).matches() ? id : RuleFile.ENTRY, text);
  }

  /** The name of the file that the rule has. */
  public String file() {
    return id + RuleFile.SUFFIX;
  }

  RuleFile toFile() {
    return RuleFile.of(file(), text.getBytes(StandardCharsets.UTF_8), false);
  }
}
