package io.iir.api.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.iir.openai.JsonBytes;

/** The content of an item, as a chat message has it. Stateless. */
final class ContentParts {

  private static final String KNOWN =
      "input_text, input_image, input_file, input_audio, output_text and refusal";

  private ContentParts() {}

  /**
   * A string, or a list of parts; one part of text is a string. An {@code input_text} and an {@code
   * output_text} become {@code text}, an {@code input_image} becomes {@code image_url}, an {@code
   * input_file} becomes {@code file}.
   *
   * @param path where the content stands in the request
   */
  static JsonNode of(JsonNode content, String path) {
    if (content.isTextual()) {
      return content;
    }
    if (!content.isArray()) {
      throw Refusal.mustBe(path, "a string or an array of content parts");
    }
    ArrayNode parts = JsonBytes.TREE.createObjectNode().arrayNode(content.size());
    for (int i = 0; i < content.size(); i++) {
      parts.add(part(content.get(i), "%s[%d]".formatted(path, i)));
    }
    boolean oneText = parts.size() == 1 && isPlainText(parts.get(0));
    return parts.isEmpty() ? TextNode.valueOf("") : oneText ? parts.get(0).get("text") : parts;
  }

  private static boolean isPlainText(JsonNode part) {
    return part.size() == 2 && part.path("text").isTextual();
  }

  private static ObjectNode part(JsonNode part, String path) {
    if (!(part instanceof ObjectNode given)) {
      throw Refusal.mustBe(path, "an object such as {\"type\": \"input_text\", \"text\": \"...\"}");
    }
    JsonNode type = given.path("type");
    ObjectNode chat = JsonBytes.TREE.createObjectNode();
    switch (type.asText()) {
      case "input_text", "output_text", "text" ->
          chat.put("type", "text").set("text", string(given, "text", path));
      case "refusal" -> chat.put("type", "refusal").set("refusal", string(given, "refusal", path));
      case "input_image" -> image(given, path, chat);
      case "input_file" -> file(given, path, chat);
      case "input_audio" ->
          chat.put("type", "input_audio").set("input_audio", given.path("input_audio"));
      default -> throw Refusal.unknownType(path + ".type", type, KNOWN);
    }
    if (given.has("cache_control")) {
      chat.set("cache_control", given.get("cache_control"));
    }
    return chat;
  }

  private static void image(ObjectNode given, String path, ObjectNode chat) {
    if (!given.path("image_url").isTextual()) {
      throw given.hasNonNull("file_id")
          ? Refusal.notHere(
              path + ".file_id", "files are not kept here; send the image as 'image_url'")
          : Refusal.mustBe(path + ".image_url", "a string: an address or a data: URL");
    }
    ObjectNode image = chat.put("type", "image_url").putObject("image_url");
    image.set("url", given.get("image_url"));
    if (given.path("detail").isTextual()) {
      image.set("detail", given.get("detail"));
    }
  }

  private static void file(ObjectNode given, String path, ObjectNode chat) {
    if (!given.path("file_data").isTextual()) {
      String field = given.hasNonNull("file_id") ? "file_id" : "file_url";
      throw given.hasNonNull(field)
          ? Refusal.notHere(
              path + "." + field, "files are not fetched or kept here; send 'file_data'")
          : Refusal.mustBe(path + ".file_data", "a string: a data: URL");
    }
    ObjectNode file = chat.put("type", "file").putObject("file");
    file.set("file_data", given.get("file_data"));
    if (given.path("filename").isTextual()) {
      file.set("filename", given.get("filename"));
    }
  }

  private static JsonNode string(ObjectNode part, String name, String path) {
    JsonNode value = part.path(name);
    if (!value.isTextual()) {
      throw Refusal.mustBe(path + "." + name, "a string");
    }
    return value;
  }
}
