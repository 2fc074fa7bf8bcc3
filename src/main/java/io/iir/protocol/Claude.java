package io.iir.protocol;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model of Anthropic's takes, as its name says: {@code claude-<family>-<major>[-<minor>]}
 * with whatever before and behind it, or the older {@code claude-3-5-sonnet}. A model whose name
 * says nothing, such as another vendor's behind the same API, is a plain one that takes all that
 * the API has always had.
 *
 * @param family opus, sonnet, haiku, fable, mythos, or empty
 * @param version major times 100 plus minor; 0: not known
 * @see <a href="https://platform.claude.com/docs/en/about-claude/models/overview">Anthropic's
 *     models</a>
 */
public record Claude(String family, int version) {

  private static final Pattern NAME =
      Pattern.compile(
          "claude-(?:(opus|sonnet|haiku|fable|mythos)-)?(\\d{1,2})(?!\\d)"
              + "(?:[-.](\\d{1,2})(?!\\d))?(?:-(opus|sonnet|haiku))?");

  /** Of its name at the provider. */
  public static Claude named(String model) {
    Matcher name = NAME.matcher(model.toLowerCase(Locale.ROOT));
    if (!name.find()) {
      return new Claude("", 0);
    }
    String family = name.group(1) != null ? name.group(1) : name.group(4);
    int minor = name.group(3) == null ? 0 : Integer.parseInt(name.group(3));
    return new Claude(family == null ? "" : family, Integer.parseInt(name.group(2)) * 100 + minor);
  }

  /** Whether it is one of Anthropic's. */
  public boolean known() {
    return version > 0;
  }

  private boolean since(int opus, int sonnet, int haiku) {
    return switch (family) {
      case "opus" -> version >= opus;
      case "sonnet" -> version >= sonnet;
      case "haiku" -> version >= haiku;
      case "fable", "mythos" -> true;
      default -> version >= Math.max(opus, Math.max(sonnet, haiku));
    };
  }

  /** The most tokens that an answer may have, which is what it may have where nobody says less. */
  public int maxTokens() {
    if (!known()) {
      return 8_192;
    }
    if (since(406, 406, 505)) {
      return 128_000;
    }
    if (since(405, 400, 405)) {
      return 64_000;
    }
    if (version >= 400) {
      return 32_000;
    }
    return version >= 307 ? 64_000 : version >= 305 ? 8_192 : 4_096;
  }

  /** Whether it refuses {@code temperature}, {@code top_p} and {@code top_k}. */
  public boolean refusesSampling() {
    return known() && since(407, 500, 505);
  }

  /** Whether it refuses {@code temperature} and {@code top_p} together. */
  public boolean refusesBothSamplings() {
    return known() && since(401, 405, 405);
  }

  /** Whether it can be made to answer by a schema, and to call tools strictly by theirs. */
  public boolean hasSchemas() {
    return !known() || since(401, 405, 405);
  }

  /** Whether it refuses to be forced to call a tool. */
  public boolean refusesForcedTools() {
    return known() && (isFable() ? version >= 501 : since(505, 505, 505));
  }

  /** Whether it refuses a conversation that ends with the assistant's own words. */
  public boolean refusesPrefill() {
    return known() && since(406, 406, 505);
  }

  /** Whether system messages may come later in a conversation. */
  public boolean hasLaterSystem() {
    return known() && since(408, 500, 505);
  }

  /** Whether it decides itself how much to think, and is told by {@code effort} how hard. */
  public boolean thinksAdaptively() {
    return known() && since(406, 406, 505);
  }

  /** Whether it has the effort {@code xhigh}. */
  public boolean hasXhigh() {
    return known() && since(407, 500, 505);
  }

  /** Whether it can think at all, by a budget or by itself. */
  public boolean thinks() {
    return !known() || version >= 307;
  }

  /** What its thinking is turned off by. */
  public Off thinkingOff() {
    if (!thinksAdaptively() || !since(500, 500, 505)) {
      return Off.BY_DEFAULT;
    }
    if (isFable() || (family.equals("opus") && version >= 505)) {
      return Off.NEVER;
    }
    return family.equals("sonnet") && version >= 505 ? Off.BETWEEN_TOOLS : Off.DISABLED;
  }

  private boolean isFable() {
    return family.equals("fable") || family.equals("mythos");
  }

  /** How thinking is turned off. */
  public enum Off {
    /** It is off unless asked for. */
    BY_DEFAULT,
    /** {@code {"type":"disabled"}}. */
    DISABLED,
    /** {@code {"type":"between_tools"}}, which is the least there is. */
    BETWEEN_TOOLS,
    /** It is always on; the lowest effort is the least there is. */
    NEVER
  }
}
