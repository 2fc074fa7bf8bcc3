package io.iir.api.messages;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.openai.ApiException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value in a client's request and where it is, so that what is wrong with it can be told.
 *
 * @param node the value; missing where there is none
 * @param path such as {@code messages[0].content[1].text}; empty: the request itself
 */
record At(JsonNode node, String path) {

  /** The field {@code name} of this object. */
  At field(String name) {
    return new At(node.path(name), path.isEmpty() ? name : path + "." + name);
  }

  /** Whether there is nothing here, or null. */
  boolean absent() {
    return node.isMissingNode() || node.isNull();
  }

  /** Whether this is {@code true}. */
  boolean isTrue() {
    return node.isBoolean() && node.booleanValue();
  }

  /** The value of the field {@code type}. */
  String type() {
    if (!node.isObject()) {
      throw wrong("must be an object");
    }
    return field("type").string();
  }

  /** This string. */
  String string() {
    if (absent()) {
      throw wrong("is missing: it must be a string");
    }
    if (!node.isTextual()) {
      throw wrong("must be a string");
    }
    return node.textValue();
  }

  /** This string; null if there is none. */
  @Nullable String optional() {
    return absent() ? null : string();
  }

  /** The entries of this array; none if there is no array. */
  List<At> entries() {
    if (absent()) {
      return List.of();
    }
    if (!node.isArray()) {
      throw wrong("must be an array");
    }
    List<At> entries = new ArrayList<>(node.size());
    for (int i = 0; i < node.size(); i++) {
      entries.add(new At(node.get(i), path + "[" + i + "]"));
    }
    return entries;
  }

  /** The 400 that says what is wrong here. */
  ApiException wrong(String what) {
    return ApiException.invalidRequest("'%s' %s.".formatted(path, what), path);
  }
}
