package io.iir.provider;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Asks OpenRouter: {@code GET /models} tells prices, context, what a model reads and writes, and
 * when it ends; {@code links.next} leads to further pages of the same host. Source:
 * openrouter.ai/docs/api-reference/list-available-models.
 */
final class OpenRouterLister implements ModelLister {

  @Override
  public List<ListedModel> list(Inquiry inquiry) throws IOException, InterruptedException {
    JsonNode page = inquiry.models().body();
    List<JsonNode> all = new ArrayList<>(ModelListParser.entries(page));
    Pages pages = new Pages();
    for (String next = next(page); !next.isEmpty(); next = next(page)) {
      pages.turn(next);
      page = inquiry.get(sameHost(inquiry.baseUrl(), next));
      all.addAll(ModelListParser.entries(page));
    }
    return ModelListParser.models(all, ListedFacts::of);
  }

  private static String next(JsonNode page) {
    return page.at("/links/next").asText("");
  }

  /** Whoever else the next page may be at is not told the key. */
  private static String sameHost(URI baseUrl, String next) throws IOException {
    try {
      URI url = baseUrl.resolve(next);
      if (Objects.equals(url.getRawAuthority(), baseUrl.getRawAuthority())
          && Objects.equals(url.getScheme(), baseUrl.getScheme())) {
        return url.toString();
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("its list goes on at what is no address", e);
    }
    throw new IOException("its list goes on at another host, which is not asked");
  }
}
