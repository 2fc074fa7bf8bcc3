package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the field {@code tags}, within the bounds that OpenAI sets to {@code metadata}. */
final class TagFields {

  private static final int MOST = 16;
  private static final int NAME_LENGTH = 64;
  private static final int VALUE_LENGTH = 512;

  private TagFields() {}

  /** The tags {@code old} with {@code node} merged into them; null clears all of them, or one. */
  static Map<String, String> merge(Map<String, String> old, JsonNode node) {
    if (node.isNull()) {
      return Map.of();
    }
    if (!node.isObject()) {
      throw Fields.invalid("tags", "must be an object of strings, not " + Fields.kind(node));
    }
    Map<String, String> tags = new LinkedHashMap<>(old);
    for (Map.Entry<String, JsonNode> tag : node.properties()) {
      String name = tag.getKey();
      if (name.isBlank()
          || name.length() > NAME_LENGTH
          || name.chars().anyMatch(Character::isISOControl)) {
        throw Fields.invalid(
            "tags",
            "must have names of 1 to %d characters, none of them a control character"
                .formatted(NAME_LENGTH));
      }
      if (tag.getValue().isNull()) {
        tags.remove(name);
      } else {
        tags.put(name, Fields.text(tag.getValue(), "tags." + name, VALUE_LENGTH));
      }
    }
    if (tags.size() > MOST) {
      throw Fields.invalid("tags", "must have at most %d entries".formatted(MOST));
    }
    return tags;
  }
}
