package io.iir.rules.check;

import io.iir.rules.check.ExpressionPolicy.Spoken;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Knob;
import io.iir.rules.language.KnobValues;
import io.iir.rules.language.Vocabulary;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Checks what a rule sets, and to what. */
final class KnobPolicy {

  private static final String REASON = "[\\x21-\\x7e]([\\x20-\\x7e]{0,98}[\\x21-\\x7e])?";

  private final Problems problems;
  private final TargetsPolicy targets;

  KnobPolicy(Problems problems, Vocabulary vocabulary) {
    this.problems = problems;
    this.targets = new TargetsPolicy(vocabulary.models());
  }

  /** The knob of that name; null after noting that there is none. */
  @Nullable Knob named(ScalarNode name) {
    String word = name.getValue();
    Knob knob = Knob.of(word);
    if (knob == null) {
      String allowed = Fields.allowed(word, Arrays.stream(Knob.values()).map(Knob::word).toList());
      problems.at(
          name,
          "a rule may not set \"%s\"".formatted(word),
          Fact.of(word) == null ? allowed : "it can be asked, not set; " + allowed);
    }
    return knob;
  }

  /** Notes what is wrong with what {@code knob} is set to. */
  void check(Knob knob, Spoken value) {
    if (value.language().equals(ExpressionPolicy.CONSTANT)) {
      constant(knob, value.text());
    } else if (knob == Knob.TARGETS) {
      SimpleFault fault = TargetsTemplate.check(value.text().getValue());
      if (fault != null) {
        problems.within(value.text(), fault.at(), fault.message(), fault.hint());
      }
    } else if (knob != Knob.REASON) {
      problems.at(value.text(), "\"%s\" must be a constant".formatted(knob.word()), null);
    }
  }

  private void constant(Knob knob, ScalarNode value) {
    String text = value.getValue();
    switch (knob) {
      case TARGETS ->
          targets
              .check(text)
              .forEach(fault -> problems.within(value, fault.at(), fault.message(), fault.hint()));
      case REASON -> {
        if (!text.strip().matches(REASON)) {
          problems.at(
              value, "a reason is at most 100 characters of ASCII", "it is sent in a header");
        }
      }
      case CACHE_TTL -> {
        Duration ttl = duration(value, "0s: not kept at all");
        if (ttl != null && ttl.compareTo(KnobValues.LONGEST_CACHE_TTL) > 0) {
          problems.at(value, "\"cacheTtl\" must be at most 365d", "as in 10m");
        }
      }
      case TIMEOUT -> {
        Duration timeout = duration(value, "more than 0");
        if (timeout != null && timeout.isZero()) {
          problems.at(value, "\"timeout\" must be more than 0", "as in 20s");
        } else if (timeout != null && timeout.compareTo(KnobValues.LONGEST_TIMEOUT) > 0) {
          problems.at(value, "\"timeout\" must be at most 1d", "as in 20s");
        }
      }
      case TAGS -> {
        if (KnobValues.tags(text) == null) {
          problems.at(
              value,
              "\"%s\" are no tags".formatted(text),
              "name=value, name=value; each name once, of letters, digits, '_', '.', '-'");
        }
      }
    }
  }

  private @Nullable Duration duration(ScalarNode value, String more) {
    Duration duration = KnobValues.duration(value.getValue());
    if (duration == null) {
      problems.at(
          value,
          "\"%s\" is no duration".formatted(value.getValue()),
          "a number and ms, s, m, h or d, as in 20s; " + more);
    }
    return duration;
  }
}
