package io.iir.rules;

import io.iir.provider.TargetList;
import io.iir.rules.Failure.Cause;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import io.iir.rules.language.Knob;
import io.iir.rules.language.KnobValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes a decision of the variables that rules have set. Thread-safe. */
final class DecisionReader {

  /** Texts of durations are constants of rules: there are few. */
  private static final int MOST = 1000;

  private static final int LONGEST_REASON = 200;

  private final Map<String, Duration> durations = new ConcurrentHashMap<>();
  private final Map<String, List<String>> tags = new ConcurrentHashMap<>();

  Verdict read(Map<String, Object> variables, Facts facts, long set) {
    Object value = variables.get(Knob.TARGETS.word());
    String text = value == null ? "" : value.toString();
    if (text.isBlank()) {
      return new Failure(Cause.NO_TARGETS, "no step set targets");
    }
    try {
      return new Decision(
          text,
          isNamed(text, facts) ? null : TargetList.parse(text),
          reason(variables),
          duration(variables.get(Knob.CACHE_TTL.word())),
          duration(variables.get(Knob.TIMEOUT.word())),
          tags(variables.get(Knob.TAGS.word())),
          set,
          null);
    } catch (IllegalArgumentException e) {
      return new Failure(Cause.BAD_VALUE, String.valueOf(e.getMessage()));
    }
  }

  /** What a step says, else the branch that was taken last, else the rule. */
  private static String reason(Map<String, Object> variables) {
    Object said = variables.get(Knob.REASON.word());
    Object reason = said == null ? variables.get(BranchHits.BRANCH) : said;
    return reason == null ? RuleFile.ENTRY : printable(reason.toString());
  }

  /** {@code text} as a header's value: short, and of visible ASCII. */
  private static String printable(String text) {
    int length = Math.min(LONGEST_REASON, text.length());
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return text.substring(0, length).replaceAll("[^ -~]", "?");
      }
    }
    return text.substring(0, length);
  }

  /** Whether {@code text} is the name that the client gave. */
  private static boolean isNamed(String text, Facts facts) {
    String provider = facts.text(Fact.PROVIDER);
    String model = facts.text(Fact.MODEL);
    return text.length() == provider.length() + 1 + model.length()
        && text.startsWith(provider)
        && text.charAt(provider.length()) == '/'
        && text.endsWith(model);
  }

  private @Nullable Duration duration(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    String text = value.toString();
    Duration known = durations.get(text);
    if (known == null) {
      known = KnobValues.duration(text);
      if (known == null) {
        throw new IllegalArgumentException("'%s' is no duration".formatted(text));
      }
      if (durations.size() < MOST) {
        durations.put(text, known);
      }
    }
    return known;
  }

  /** What a rule set, and not the key's own tags, which are a list. */
  private List<String> tags(@Nullable Object value) {
    if (!(value instanceof String text)) {
      return List.of();
    }
    List<String> known = tags.get(text);
    if (known == null) {
      Map<String, String> parsed = KnobValues.tags(text);
      if (parsed == null) {
        throw new IllegalArgumentException("'%s' is no list of name=value".formatted(text));
      }
      known = parsed.entrySet().stream().map(tag -> tag.getKey() + "=" + tag.getValue()).toList();
      if (tags.size() < MOST) {
        tags.put(text, known);
      }
    }
    return known;
  }
}
