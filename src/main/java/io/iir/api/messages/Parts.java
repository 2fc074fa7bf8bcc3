package io.iir.api.messages;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Content blocks that say or show something, as parts of an OpenAI message.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages/create">Anthropic's reference</a>
 */
final class Parts {

  static final String CACHE_CONTROL = "cache_control";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final OnlyAnthropic only;

  /** Parts whose blocks that only Anthropic understands are noted in {@code only}. */
  Parts(OnlyAnthropic only) {
    this.only = only;
  }

  /** The parts of {@code content}: a string, an array of blocks, or nothing. */
  List<ObjectNode> of(At content) {
    List<ObjectNode> parts = new ArrayList<>();
    if (content.node().isTextual()) {
      parts.add(text(content.string()));
      return parts;
    }
    if (!content.absent() && !content.node().isArray()) {
      throw content.wrong("must be a string or an array of content blocks");
    }
    for (At block : content.entries()) {
      add(block, parts);
    }
    return parts;
  }

  /** Adds what {@code block} says. */
  void add(At block, List<ObjectNode> parts) {
    int first = parts.size();
    String type = block.type();
    switch (type) {
      case "text" -> parts.add(text(block.field("text").string()));
      case "image" -> parts.add(image(block));
      case "document" -> document(block, parts);
      case "search_result" -> parts.add(searchResult(block));
      case "tool_reference" -> parts.add(text(block.field("tool_name").string()));
      default -> parts.add(asItIs(block, block.field("type"), "'" + type + "'"));
    }
    if (!block.field(CACHE_CONTROL).absent() && parts.size() > first) {
      parts.getLast().set(CACHE_CONTROL, block.field(CACHE_CONTROL).node());
    }
  }

  /** A part that is {@code text}. */
  static ObjectNode text(String text) {
    return JSON.objectNode().put("type", "text").put("text", text);
  }

  private ObjectNode image(At block) {
    At source = block.field("source");
    String url =
        switch (source.type()) {
          case "base64" -> dataUrl(source);
          case "url" -> source.field("url").string();
          default -> null;
        };
    if (url == null) {
      return asItIs(block, source.field("type"), "an image in Anthropic's file store");
    }
    ObjectNode part = JSON.objectNode().put("type", "image_url");
    part.putObject("image_url").put("url", url);
    return part;
  }

  private void document(At block, List<ObjectNode> parts) {
    At source = block.field("source");
    String title = block.field("title").optional();
    switch (source.type()) {
      case "base64" -> {
        ObjectNode part = JSON.objectNode().put("type", "file");
        part.putObject("file")
            .put("filename", title == null ? "document.pdf" : title)
            .put("file_data", dataUrl(source));
        parts.add(part);
      }
      case "text" -> parts.add(text(titled(title, source.field("data").string())));
      case "content" -> {
        if (title != null) {
          parts.add(text(title));
        }
        parts.addAll(of(source.field("content")));
      }
      default ->
          parts.add(asItIs(block, source.field("type"), "a document that Anthropic fetches"));
    }
    String context = block.field("context").optional();
    if (context != null) {
      parts.add(text(context));
    }
  }

  private ObjectNode searchResult(At block) {
    StringBuilder said = new StringBuilder();
    for (At each : block.field("content").entries()) {
      said.append(said.isEmpty() ? "" : "\n").append(each.field("text").string());
    }
    String heading =
        "%s (%s)".formatted(block.field("title").string(), block.field("source").string());
    return text(titled(heading, said.toString()));
  }

  private ObjectNode asItIs(At block, At place, String what) {
    only.note(place, what);
    return ((ObjectNode) block.node()).deepCopy();
  }

  private static String dataUrl(At source) {
    return "data:%s;base64,%s"
        .formatted(source.field("media_type").string(), source.field("data").string());
  }

  private static String titled(@Nullable String title, String text) {
    return title == null ? text : title + "\n" + text;
  }
}
