package io.iir.rules.check;

import io.iir.config.NearestName;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Vocabulary;
import io.iir.rules.language.Vocabulary.Finding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Reads rules for tests, in a vocabulary of theirs. */
final class RuleTexts implements AutoCloseable {

  static final String ID = "provider-choice";
  static final String FILE = ID + ".camel.yaml";
  static final List<String> MODELS = List.of("openai/gpt-4o", "groq/llama-3.1-8b");

  static final Vocabulary VOCABULARY =
      new Vocabulary(
          Set.of("x-priority", "x-region"), Map.of("desk", Set.of("open")), RuleTexts::check);

  /** How often a rule called the bean. */
  final AtomicInteger calls = new AtomicInteger();

  private final RuleReader reader = new RuleReader(Map.of("desk", new Desk(calls)));

  /** A bean that rules may call. */
  public static final class Desk {

    private final AtomicInteger calls;

    Desk(AtomicInteger calls) {
      this.calls = calls;
    }

    /** Whether it is open. */
    public boolean open(@Nullable String name) {
      calls.incrementAndGet();
      return name != null && !name.isEmpty();
    }

    /** What rules may not call. */
    public boolean close() {
      calls.addAndGet(1000);
      return true;
    }
  }

  private static @Nullable Finding check(String id) {
    String nearest = NearestName.of(id, MODELS);
    return MODELS.contains(id)
        ? null
        : new Finding(
            "unknown model \"%s\"".formatted(id),
            nearest == null ? null : "did you mean \"%s\"?".formatted(nearest));
  }

  CheckedRule read(String text) throws InvalidRuleException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  CheckedRule read(byte[] content) throws InvalidRuleException {
    return reader.read(FILE, content, ID, Set.of(ID, "night-choice", "team-choice"), VOCABULARY);
  }

  /** A rule of the kind that ships, whose lines stay what they are. */
  static String shipped() {
    try {
      return Files.readString(Path.of("src/test/resources/rules", FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A rule of those steps, the first at line 6. */
  static String rule(String steps) {
    return """
    - route:
        id: provider-choice
        from:
          uri: direct:provider-choice
          steps:
    """
        + steps.strip().indent(8);
  }

  /** A rule with that condition, at column 21 of line 8. */
  static String deciding(String condition) {
    return rule(
        """
        - choice:
            when:
              - simple: %s
                steps:
                  - setVariable: {name: targets, constant: any}
            otherwise:
              steps:
                - setVariable: {name: targets, constant: any}
        """
            .formatted(condition));
  }

  @Override
  public void close() {
    reader.close();
  }
}
