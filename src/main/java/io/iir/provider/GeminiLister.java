package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.Capability;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks Google's Gemini: {@code GET /v1beta/models}, page by page, with the key as {@code
 * x-goog-api-key}, also where the base URL is that of Google's OpenAI-compatible API beside it.
 * Where the base URL is another, or nothing is there, the list is OpenAI's. Source:
 * ai.google.dev/api/models.
 */
final class GeminiLister implements ModelLister {

  private static final Pattern GOOGLES = Pattern.compile("(.*/v1(?:alpha|beta))(?:/openai)?");
  private static final String PREFIX = "models/";

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    Matcher googles = GOOGLES.matcher(inquiry.baseUrl().toString());
    if (!googles.matches()) {
      return likeOpenAi(inquiry);
    }
    try {
      String url = googles.group(1) + "/models";
      return own(inquiry, url, inquiry.keyAs("x-goog-api-key"));
    } catch (StatusException e) {
      return switch (e.status()) {
        case 404 -> likeOpenAi(inquiry);
        case 400 ->
            throw new IOException("refused the request, as it does a wrong key (HTTP 400)", e);
        default -> throw e;
      };
    }
  }

  private static List<ListedModel> likeOpenAi(Inquiry inquiry)
      throws IOException, InterruptedException {
    return ModelListParser.models(
        ModelListParser.entries(inquiry.models().body()), "id", PREFIX, ListedFacts::of);
  }

  private static List<ListedModel> own(Inquiry inquiry, String url, Map<String, String> headers)
      throws IOException, InterruptedException {
    List<JsonNode> all = new ArrayList<>();
    Pages pages = new Pages();
    String from = "";
    do {
      JsonNode page = inquiry.get(url + "?pageSize=1000" + from, headers);
      all.addAll(ModelListParser.entries(page.path("models"), "models", "name"));
      String token = page.path("nextPageToken").asText("");
      from = "";
      if (!token.isEmpty()) {
        pages.turn(token);
        from = "&pageToken=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
      }
    } while (!from.isEmpty());
    return ModelListParser.models(all, "name", PREFIX, GeminiLister::facts);
  }

  private static ModelFacts facts(JsonNode entry) {
    FactCollector facts =
        new FactCollector()
            .context(entry.path("inputTokenLimit"))
            .maxOutput(entry.path("outputTokenLimit"));
    Set<String> methods = FactCollector.words(entry.path("supportedGenerationMethods"));
    if (methods.contains("generatecontent")) {
      facts.chats(entry.path("name").asText());
    } else if (methods.contains("embedcontent")) {
      facts.outputs(Set.of("embedding"));
    } else if (methods.contains("predictlongrunning")) {
      facts.outputs(Set.of("video"));
    } else if (methods.contains("predict")) {
      facts.outputs(Set.of("image"));
    } else if (!methods.isEmpty()) {
      facts.says(Capability.CHAT, false);
    }
    return facts.facts();
  }
}
