package io.iir.protocol.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what a message says into content blocks. For one request. */
final class ContentParts {

  private final Set<String> dropped;
  private final Set<String> documents = new HashSet<>();

  ContentParts(Set<String> dropped) {
    this.dropped = dropped;
  }

  /** Adds the texts of {@code content} to {@code to}; other parts cannot stand there. */
  void texts(JsonNode content, String path, ArrayNode to) {
    for (JsonNode block : blocks(content, path)) {
      if (!block.has("text") && !block.has("cachePoint")) {
        throw ApiException.invalidRequest(
            "%s.content must be text: of system messages Bedrock takes nothing else."
                .formatted(path),
            path + ".content");
      }
      to.add(block);
    }
  }

  /** The blocks of {@code content}; empty texts, which Converse refuses, are left out. */
  ArrayNode blocks(JsonNode content, String path) {
    ArrayNode blocks = Trees.array();
    if (content.isTextual()) {
      text(content.asText(), blocks);
    } else if (content.isArray()) {
      for (int i = 0; i < content.size(); i++) {
        part(content.get(i), "%s.content[%d]".formatted(path, i), blocks);
      }
    } else if (!content.isNull() && !content.isMissingNode()) {
      throw ApiException.invalidRequest(
          "%s.content must be a string or an array of parts.".formatted(path), path + ".content");
    }
    return blocks;
  }

  private static void text(String text, ArrayNode blocks) {
    if (!text.isBlank()) {
      blocks.addObject().put("text", text);
    }
  }

  private void part(JsonNode part, String path, ArrayNode blocks) {
    switch (part.path("type").asText("")) {
      case "text" -> text(part.path("text").asText(""), blocks);
      case "refusal" -> text(part.path("refusal").asText(""), blocks);
      case "image_url" ->
          blocks.add(Trees.object("image", image(part.path("image_url"), path + ".image_url")));
      case "input_audio" ->
          blocks.add(Trees.object("audio", audio(part.path("input_audio"), path + ".input_audio")));
      case "file" ->
          blocks.add(Trees.object("document", document(part.path("file"), path + ".file")));
      default ->
          throw ApiException.invalidRequest(
              "%s is of type '%s', which cannot be carried to Bedrock."
                  .formatted(path, part.path("type").asText("")),
              path + ".type");
    }
    CachePoint.after(part, blocks);
  }

  /** Converse takes the bytes of an image, or where in S3 it lies, but fetches none itself. */
  private ObjectNode image(JsonNode image, String path) {
    if (image.path("detail").isTextual() && !image.path("detail").asText().equals("auto")) {
      dropped.add("messages[].content[].image_url.detail");
    }
    String url = image.path("url").asText("");
    DataUrl data = DataUrl.of(url);
    String format =
        data == null ? url.substring(url.lastIndexOf('.') + 1) : MediaTypes.image(data.mediaType());
    if (data == null && !url.startsWith("s3://")) {
      throw ApiException.invalidRequest(
          "%s must be a data: URL in base64, or s3://…: Bedrock fetches no images.".formatted(path),
          path);
    }
    if (format == null) {
      throw ApiException.invalidRequest(
          "%s must be an image of type png, jpeg, gif or webp.".formatted(path), path);
    }
    ObjectNode block =
        Trees.object().put("format", format.equalsIgnoreCase("jpg") ? "jpeg" : lower(format));
    block.set("source", source(data, url));
    return block;
  }

  private static ObjectNode source(@Nullable DataUrl data, String url) {
    return data == null
        ? Trees.object("s3Location", Trees.object().put("uri", url))
        : Trees.object().put("bytes", data.base64());
  }

  private static ObjectNode audio(JsonNode audio, String path) {
    if (!audio.path("data").isTextual() || !audio.path("format").isTextual()) {
      throw ApiException.invalidRequest("%s must have data and a format.".formatted(path), path);
    }
    ObjectNode block = Trees.object();
    block.set("format", audio.path("format"));
    block.set("source", Trees.object("bytes", audio.path("data")));
    return block;
  }

  private ObjectNode document(JsonNode file, String path) {
    if (file.path("file_id").isTextual()) {
      throw ApiException.invalidRequest(
          "%s.file_id cannot be carried to Bedrock, which keeps no files: send file_data."
              .formatted(path),
          path + ".file_id");
    }
    DataUrl data = DataUrl.of(file.path("file_data").asText(""));
    String name = file.path("filename").asText("");
    String format = data == null ? null : MediaTypes.document(data.mediaType(), name);
    if (data == null || format == null) {
      throw ApiException.invalidRequest(
          "%s.file_data must be a data: URL in base64 of a pdf, csv, doc, docx, xls, xlsx, html, txt or md file."
              .formatted(path),
          path + ".file_data");
    }
    ObjectNode block =
        Trees.object().put("format", format).put("name", MediaTypes.name(name, documents));
    block.set("source", Trees.object().put("bytes", data.base64()));
    return block;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
