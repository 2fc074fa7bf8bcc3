package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.openai.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The content of a message, a string or parts, as Gemini's parts. For one request.
 *
 * @see <a href="https://ai.google.dev/api/caching#Part">Gemini's Part</a>
 */
final class ContentParts {

  private final Set<String> dropped;

  ContentParts(Set<String> dropped) {
    this.dropped = dropped;
  }

  /** The parts of {@code content}, which is at {@code path} in the request. */
  List<ObjectNode> of(@Nullable JsonNode content, String path) {
    List<ObjectNode> parts = new ArrayList<>();
    if (content == null) {
      return parts;
    }
    if (content.isTextual()) {
      parts.add(text(content.asText()));
    } else if (content.isArray()) {
      for (int i = 0; i < content.size(); i++) {
        parts.add(part(content.get(i), "%s[%d]".formatted(path, i)));
      }
    } else {
      throw ApiException.invalidRequest(
          "'%s' must be a string or an array of parts.".formatted(path), path);
    }
    return parts;
  }

  static ObjectNode text(String text) {
    return Trees.object().put("text", text);
  }

  private ObjectNode part(JsonNode part, String path) {
    if (Trees.value(part, "cache_control") != null) {
      dropped.add("messages[].content[].cache_control");
    }
    String type = part.path("type").asText();
    return switch (type) {
      case "text" -> text(Trees.text(part, "text", path));
      case "refusal" -> text(Trees.text(part, "refusal", path));
      case "image_url" -> image(part, path);
      case "video_url" -> url(Trees.text(part.path(type), "url", path + "." + type), path, type);
      case "input_audio" -> audio(part.path(type), path + "." + type);
      case "file" -> file(part.path(type), path + "." + type);
      default ->
          throw ApiException.invalidRequest(
              "'%s.type' is '%s', which Gemini cannot be given; it must be text, image_url, input_audio or file."
                  .formatted(path, type),
              path + ".type");
    };
  }

  private ObjectNode image(JsonNode part, String path) {
    JsonNode image = part.path("image_url");
    if (image.isTextual()) {
      return url(image.asText(), path, "image_url");
    }
    String detail = image.path("detail").asText("auto");
    if (!detail.equals("auto")) {
      dropped.add("messages[].content[].image_url.detail");
    }
    return url(Trees.text(image, "url", path + ".image_url"), path, "image_url");
  }

  private static ObjectNode audio(JsonNode audio, String path) {
    String format = Trees.text(audio, "format", path);
    String mediaType = MediaTypes.ofName("." + format);
    if (mediaType == null || !mediaType.startsWith("audio/")) {
      throw ApiException.invalidRequest(
          "'%s.format' is '%s', which Gemini does not read; it must be wav, mp3, aiff, aac, ogg or flac."
              .formatted(path, format),
          path + ".format");
    }
    return inline(mediaType, Trees.text(audio, "data", path));
  }

  private static ObjectNode file(JsonNode file, String path) {
    if (Trees.value(file, "file_data") == null) {
      String id = file.path("file_id").asText();
      if (!id.startsWith("https://") && !id.startsWith("gs://")) {
        throw ApiException.invalidRequest(
            "'%s.file_id' is no file that Gemini knows; send the file itself in 'file_data'."
                .formatted(path),
            path + ".file_id");
      }
      return remote(id, MediaTypes.ofName(file.path("filename").asText(id)));
    }
    String data = Trees.text(file, "file_data", path);
    DataUrl url = DataUrl.of(data);
    String named = MediaTypes.ofName(file.path("filename").asText());
    if (url == null && named == null) {
      throw ApiException.invalidRequest(
          "'%s.file_data' does not say of what media type it is; send a data URL, such as data:application/pdf;base64,…"
              .formatted(path),
          path + ".file_data");
    }
    return url != null
        ? inline(url.mediaType(), url.base64())
        : inline(String.valueOf(named), data);
  }

  private static ObjectNode url(String url, String path, String type) {
    DataUrl data = DataUrl.of(url);
    if (data != null) {
      return inline(data.mediaType(), data.base64());
    }
    if (!url.startsWith("https://") && !url.startsWith("gs://")) {
      throw ApiException.invalidRequest(
          "'%s.%s.url' is neither a data URL nor an https:// or gs:// address: Gemini fetches no other."
              .formatted(path, type),
          "%s.%s.url".formatted(path, type));
    }
    return remote(url, MediaTypes.ofName(url));
  }

  private static ObjectNode inline(String mediaType, String base64) {
    return Trees.object(
        "inlineData", Trees.object().put("mimeType", mediaType).put("data", base64));
  }

  private static ObjectNode remote(String uri, @Nullable String mediaType) {
    ObjectNode file = Trees.object().put("fileUri", uri);
    if (mediaType != null) {
      file.put("mimeType", mediaType);
    }
    return Trees.object("fileData", file);
  }
}
