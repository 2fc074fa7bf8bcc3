package io.iir.protocol.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.Base64;
import java.util.Collection;
import java.util.Set;

/**
 * Turns the content of OpenAI's messages into Anthropic's content blocks: texts, images, files, and
 * {@code cache_control} wherever it is. Blank texts are left out, which Anthropic refuses. For one
 * request.
 */
final class Parts {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<String> IMAGES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

  private final Collection<String> dropped;

  /** Names what it leaves out in {@code dropped}. */
  Parts(Collection<String> dropped) {
    this.dropped = dropped;
  }

  /**
   * The blocks of {@code content}, a string, an array of parts, or nothing.
   *
   * @param path where it is in the request
   */
  ArrayNode blocks(JsonNode content, String path) {
    ArrayNode blocks = NODES.arrayNode();
    if (content.isTextual()) {
      addText(blocks, content.asText(), content);
    } else if (content.isArray()) {
      for (int i = 0; i < content.size(); i++) {
        addPart(blocks, content.get(i), path + "[" + i + "]");
      }
    } else if (!content.isNull() && !content.isMissingNode()) {
      throw ApiException.invalidRequest(path + " must be a string or an array of parts.", path);
    }
    return blocks;
  }

  private static void addText(ArrayNode blocks, String text, JsonNode part) {
    if (!text.isBlank()) {
      cache(blocks.addObject().put("type", "text").put("text", text), part);
    }
  }

  /** Gives {@code block} the cache breakpoint of {@code from}, if there is one. */
  static ObjectNode cache(ObjectNode block, JsonNode from) {
    JsonNode control = from.path("cache_control");
    if (control.isObject()) {
      block.set("cache_control", control);
    }
    return block;
  }

  private void addPart(ArrayNode blocks, JsonNode part, String path) {
    String type = part.path("type").asText("");
    switch (type) {
      case "text" -> addText(blocks, part.path("text").asText(""), part);
      case "refusal" -> addText(blocks, part.path("refusal").asText(""), part);
      case "image_url" -> blocks.add(cache(image(part, path), part));
      case "file" -> blocks.add(cache(file(part.path("file"), path + ".file"), part));
      default ->
          throw ApiException.invalidRequest(
              "%s is of type '%s', which Anthropic's Messages API does not take: send text, image_url or file."
                  .formatted(path, type),
              path);
    }
  }

  private ObjectNode image(JsonNode part, String path) {
    JsonNode image = part.path("image_url");
    String url = image.isTextual() ? image.asText() : image.path("url").asText("");
    String at = path + ".image_url.url";
    if (image.has("detail")) {
      dropped.add("messages[].content[].image_url.detail");
    }
    ObjectNode block = NODES.objectNode().put("type", "image");
    if (isWeb(url)) {
      block.putObject("source").put("type", "url").put("url", url);
      return block;
    }
    DataUrl data = DataUrl.of(url);
    if (data == null) {
      throw ApiException.invalidRequest(
          at + " must be an http(s) URL or data:image/<type>;base64,<data>.", at);
    }
    String mediaType = data.mediaType().equals("image/jpg") ? "image/jpeg" : data.mediaType();
    if (!IMAGES.contains(mediaType)) {
      throw ApiException.invalidRequest(
          "%s is of the media type '%s'; Anthropic takes JPEG, PNG, GIF and WebP."
              .formatted(at, mediaType),
          at);
    }
    block.set("source", base64(mediaType, data.base64()));
    return block;
  }

  private ObjectNode file(JsonNode file, String path) {
    String at = path + ".file_data";
    if (!file.path("file_data").isTextual()) {
      throw ApiException.invalidRequest(
          "%s must have file_data: files uploaded elsewhere are not at Anthropic.".formatted(path),
          path);
    }
    ObjectNode block = NODES.objectNode().put("type", "document");
    block.set("source", document(file.path("file_data").asText(), at));
    if (file.path("filename").isTextual()) {
      block.put("title", file.path("filename").asText());
    }
    return block;
  }

  private static ObjectNode document(String url, String path) {
    if (isWeb(url)) {
      return NODES.objectNode().put("type", "url").put("url", url);
    }
    DataUrl data = DataUrl.of(url);
    String mediaType = data == null ? "" : data.mediaType();
    if (data != null && mediaType.equals("application/pdf")) {
      return base64(mediaType, data.base64());
    }
    if (data != null && mediaType.startsWith("text/")) {
      return NODES
          .objectNode()
          .put("type", "text")
          .put("media_type", "text/plain")
          .put("data", decoded(data, path));
    }
    throw ApiException.invalidRequest(
        path + " must be data:application/pdf;base64,<data>, a text in base64, or an http(s) URL.",
        path);
  }

  private static String decoded(DataUrl data, String path) {
    try {
      return new String(Base64.getMimeDecoder().decode(data.base64()), UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalidRequest(path + " is not valid base64.", path);
    }
  }

  private static ObjectNode base64(String mediaType, String data) {
    return NODES.objectNode().put("type", "base64").put("media_type", mediaType).put("data", data);
  }

  private static boolean isWeb(String url) {
    return url.startsWith("https://") || url.startsWith("http://");
  }
}
