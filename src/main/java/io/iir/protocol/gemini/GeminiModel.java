package io.iir.protocol.gemini;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A model by its name, as far as that decides what its API takes. Immutable.
 *
 * @param name without {@code models/} before it
 * @param version major times 100 plus minor, such as 205 and 300; 0: no Gemini model; names that
 *     always mean the latest have the highest
 * @param vertex whether it is called at Vertex AI, which lacks some fields and has others
 */
record GeminiModel(String name, int version, boolean vertex) {

  private static final Pattern NUMBERED = Pattern.compile("gemini-(\\d{1,2})(?:\\.(\\d{1,2}))?-.*");
  private static final String LATEST = "gemini-.*-latest";
  private static final int PRO_3 = 300;

  private static final String VERTEX = "/publishers/google";

  /** The model named {@code upstream} behind {@code baseUrl}. */
  static GeminiModel of(String upstream, URI baseUrl) {
    String name = upstream.startsWith("models/") ? upstream.substring(7) : upstream;
    boolean vertex = String.valueOf(baseUrl.getPath()).replaceAll("/$", "").endsWith(VERTEX);
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches()) {
      int minor = numbered.group(2) == null ? 0 : Integer.parseInt(numbered.group(2));
      return new GeminiModel(name, Integer.parseInt(numbered.group(1)) * 100 + minor, vertex);
    }
    return new GeminiModel(name, name.matches(LATEST) ? Integer.MAX_VALUE : 0, vertex);
  }

  /** The third generation and later: levels of thinking, signatures that must come back. */
  boolean isThird() {
    return version >= 300;
  }

  /** The 2.5 models: thinking in tokens. */
  boolean hasThinkingBudget() {
    return version >= 205 && !isThird();
  }

  boolean isPro() {
    return name.contains("-pro");
  }

  /** Whether it is the first Pro of the third generation, which knows two levels only. */
  boolean isFirstThirdPro() {
    return version == PRO_3 && isPro();
  }

  /** Whether it takes {@code MINIMAL}: no Pro does, and no Flash but Lite from 3.7 on. */
  boolean thinksMinimally() {
    return !isPro() && (version < 307 || name.contains("-lite"));
  }

  /** The name as part of a URL: {@code models/…}, or as it is where it names its collection. */
  String resource() {
    return name.startsWith("tunedModels/") ? name : "models/" + name;
  }

  /** The path of one of its methods. */
  String path(String method) {
    return Arrays.stream(resource().split("/"))
        .map(segment -> URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/", "/", ":" + method));
  }
}
