package io.iir.catalog;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The names under which servers list one model, brought into one form: {@code
 * Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf}, {@code meta-llama/Llama-3.1-8B-Instruct} and {@code
 * llama-3.1-8b-instruct} are all {@code llama-3.1-8b-instruct}; Ollama's {@code llama3.1:latest} is
 * {@code llama3.1}. Stateless.
 */
final class Names {

  /** Longer than any name of a model is: it names none. */
  private static final int LONGEST = 200;

  private static final Pattern FILE = Pattern.compile("(-\\d{5}-of-\\d{5})?\\.gguf$");

  /** How weights are kept, at the end of a name. */
  private static final Pattern QUANTIZATION =
      Pattern.compile(
          "[-_.:](?:ud-)?(i?q[1-8](?:_[a-z0-9]{1,3}){0,3}|bf16|fp?16|fp?32|fp8(?:-dynamic)?|mxfp4|nvfp4"
              + "|int[48]|w4a16|w8a8|awq(?:-int4)?|gptq(?:-int[48])?|[348]-?bit|tq[12]_0)$");

  private static final Pattern PACKAGING = Pattern.compile("[-_](?:gguf|hf|mlx|bnb|imatrix|i1)$");

  /** A dated or otherwise versioned name of a hosted model. */
  private static final Pattern SNAPSHOT =
      Pattern.compile("(?:-\\d{4}-\\d{2}-\\d{2}|-20\\d{6}|-latest)$");

  private static final Pattern GEMINI_PREVIEW = Pattern.compile("-preview(?:-\\d{2}-\\d{2,4})?$");

  private Names() {}

  /**
   * A name, and what it says of how the weights are kept.
   *
   * @param name in its one form
   * @param quantization in capitals; null: it does not say
   */
  record Plain(String name, @Nullable String quantization) {}

  /** The name of a model with open weights, in its one form; of none, an empty one. */
  static Plain open(String listed) {
    if (listed.length() > LONGEST) {
      return new Plain("", null);
    }
    String name = listed.toLowerCase(Locale.ROOT);
    name = FILE.matcher(name).replaceFirst("");
    int slash = name.lastIndexOf('/');
    name = name.substring(slash + 1);
    String quantization = null;
    for (boolean changed = true; changed; ) {
      Matcher kept = QUANTIZATION.matcher(name);
      Matcher packed = PACKAGING.matcher(name);
      changed = kept.find();
      if (changed) {
        quantization = kept.group(1).toUpperCase(Locale.ROOT);
        name = name.substring(0, kept.start());
      } else if (packed.find()) {
        changed = true;
        name = name.substring(0, packed.start());
      }
    }
    int colon = name.indexOf(':');
    if (colon > 0 && (slash >= 0 || name.endsWith(":latest"))) {
      name = name.substring(0, colon); // a router's variant; Ollama's tags come without a slash
    }
    name = name.startsWith("meta-llama-") ? name.substring("meta-".length()) : name;
    return new Plain(name, quantization);
  }

  /**
   * The name that {@code hosted} is a snapshot of; null: it is none that is known to be like it.
   */
  static @Nullable String base(String provider, String hosted) {
    Matcher dated = SNAPSHOT.matcher(hosted);
    if (dated.find()) {
      return hosted.substring(0, dated.start());
    }
    Matcher preview = GEMINI_PREVIEW.matcher(hosted);
    return provider.equals("gemini") && preview.find()
        ? hosted.substring(0, preview.start())
        : null;
  }
}
