package io.iir.registry;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.recommend.Recommendation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an advisor answered, held to what was recommended: invented and repeated ids are dropped,
 * what it forgot comes behind in its own order. Stateless.
 */
final class AdviceAnswer {

  /** The most characters of a reason. */
  static final int MAX_REASON = 300;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** So many beginnings of JSON are tried in an answer that is not JSON alone. */
  private static final int MAX_TRIES = 100;

  private AdviceAnswer() {}

  /**
   * The order that the answer gives; null if it gives none.
   *
   * @param body a chat completion
   * @param asked what was asked about
   * @param all that and what else is recommended, in order
   */
  static @Nullable List<Advice.Ranked> read(
      String body, Map<String, Recommendation> asked, Map<String, Recommendation> all) {
    JsonNode list = list(content(body));
    if (list == null) {
      return null;
    }
    Map<String, Advice.Ranked> ranked = new LinkedHashMap<>();
    for (JsonNode entry : list) {
      String id = known(entry.path("id").asText(""), asked);
      Recommendation what = id == null ? null : asked.get(id);
      if (id != null && what != null) {
        String reason = clean(entry.path("reason").asText(""));
        ranked.putIfAbsent(id, new Advice.Ranked(what.model(), what.quantization(), reason));
      }
    }
    return ranked.isEmpty() ? null : complete(ranked, all);
  }

  private static List<Advice.Ranked> complete(
      Map<String, Advice.Ranked> ranked, Map<String, Recommendation> byId) {
    List<Advice.Ranked> all = new ArrayList<>(ranked.values());
    byId.forEach((id, what) -> {
      if (!ranked.containsKey(id)) {
        all.add(new Advice.Ranked(what.model(), what.quantization(), null));
      }
    });
    return all;
  }

  /** The id that {@code said} means: itself, whatever its case, or the only one of that model. */
  private static @Nullable String known(String said, Map<String, Recommendation> byId) {
    List<String> ofModel = new ArrayList<>();
    for (Map.Entry<String, Recommendation> one : byId.entrySet()) {
      if (one.getKey().equalsIgnoreCase(said)) {
        return one.getKey();
      }
      if (one.getValue().model().equalsIgnoreCase(said)) {
        ofModel.add(one.getKey());
      }
    }
    return ofModel.size() == 1 ? ofModel.getFirst() : null;
  }

  /** The text of the answer, also where it comes in parts; empty if there is none. */
  private static String content(String body) {
    try {
      JsonNode content = JSON.readTree(body).at("/choices/0/message/content");
      if (content.isArray()) {
        StringBuilder parts = new StringBuilder();
        content.forEach(part -> parts.append(part.path("text").asText("")));
        return parts.toString();
      }
      return content.asText("");
    } catch (JacksonException e) {
      return "";
    }
  }

  /** The ranking in {@code text}, wherever it begins; null if there is none. */
  private static @Nullable JsonNode list(String text) {
    int tries = 0;
    for (int at = 0; at < text.length() && tries < MAX_TRIES; at++) {
      if (text.charAt(at) == '{' || text.charAt(at) == '[') {
        tries++;
        JsonNode list = list(tree(text.substring(at)));
        if (list != null) {
          return list;
        }
      }
    }
    return null;
  }

  private static @Nullable JsonNode list(JsonNode root) {
    JsonNode list = root.isArray() ? root : root.path("ranked");
    return list.isArray() && list.path(0).has("id") ? list : null;
  }

  /** The JSON that {@code text} begins with, whatever is behind it. */
  private static JsonNode tree(String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      return tree == null ? JSON.missingNode() : tree;
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  /** {@code text} as one line that shows nothing but text, cut; null if nothing is left. */
  static @Nullable String clean(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    if (line.isEmpty()) {
      return null;
    }
    if (line.length() <= MAX_REASON) {
      return line;
    }
    int end = MAX_REASON - 1;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
