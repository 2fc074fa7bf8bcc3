package io.iir.rules.check;

import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.ScannerException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** From a file's bytes to its YAML tree, every node with its line and column. */
final class RuleText {

  /** The largest file, in bytes: a hundred times the shipped rule's size would be no rule. */
  static final int MOST_BYTES = 64 * 1024;

  /** The deepest nesting of YAML; a rule of the deepest steps stays below it. */
  private static final int DEEPEST = 100;

  private static final String NEEDED = "it must hold one route, '- route:'";

  private RuleText() {}

  /** The text, without a byte order mark. */
  static String decode(String file, byte[] content) throws InvalidRuleException {
    if (content.length > MOST_BYTES) {
      throw invalid(
          file,
          "the file has %d bytes".formatted(content.length),
          "at most %d are allowed".formatted(MOST_BYTES));
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new InvalidRuleException(
          List.of(new Problem(file, 0, 0, "the file is not UTF-8 text", "save it as UTF-8")), e);
    }
  }

  private static InvalidRuleException invalid(String file, String message, String hint) {
    return new InvalidRuleException(new Problem(file, 0, 0, message, hint));
  }

  /** The root of the tree, or null after noting why there is none that can be used. */
  static @Nullable Node compose(String text, Problems problems) {
    LoadSettings settings =
        LoadSettings.builder().setAllowDuplicateKeys(true).setAllowNonScalarKeys(true).build();
    try {
      if (!isPlain(new ParserImpl(settings, new StreamReader(settings, text)), problems)) {
        return null;
      }
      ParserImpl parser = new ParserImpl(settings, new StreamReader(settings, text));
      Optional<Node> root = new Composer(settings, parser).getSingleNode();
      if (root.isEmpty()) {
        problems.at(
            1, 1, "the file is empty" + (text.isBlank() ? "" : " but for comments"), NEEDED);
      }
      return root.orElse(null);
    } catch (MarkedYamlEngineException e) {
      note(e, problems);
    } catch (ReaderException e) {
      note(e, text, problems);
    } catch (YamlEngineException e) {
      problems.inFile("YAML: " + e.getMessage(), null);
    }
    return null;
  }

  /**
   * Whether there is nothing of YAML's extras: anchors, aliases, tags, several documents; and no
   * nesting that would overflow the composer's stack. Builds no tree.
   */
  private static boolean isPlain(ParserImpl parser, Problems problems) {
    int before = problems.size();
    int documents = 0;
    int depth = 0;
    while (parser.hasNext() && problems.size() == before) {
      Event event = parser.next();
      if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
        note(event, "nested deeper than %d".formatted(DEEPEST), null, problems);
      }
      switch (event.getEventId()) {
        case SequenceEnd, MappingEnd -> depth--;
        case DocumentStart -> {
          if (++documents > 1) {
            note(event, "a second document begins", "a file holds one rule; remove ---", problems);
          }
        }
        default -> {}
      }
      if (event instanceof AliasEvent alias) {
        note(alias, "*%s: aliases are not allowed".formatted(alias.getAlias()), null, problems);
      } else if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
        String anchor = node.getAnchor().get().toString();
        note(event, "&%s: anchors are not allowed".formatted(anchor), null, problems);
      } else if (tag(event).isPresent()) {
        note(event, "%s: tags are not allowed".formatted(tag(event).get()), null, problems);
      }
    }
    return problems.size() == before;
  }

  private static Optional<String> tag(Event event) {
    return switch (event) {
      case ScalarEvent scalar -> scalar.getTag();
      case CollectionStartEvent collection -> collection.getTag();
      default -> Optional.empty();
    };
  }

  private static void note(Event event, String message, @Nullable String hint, Problems problems) {
    Mark mark = event.getStartMark().orElse(null);
    problems.at(line(mark), column(mark), message, hint);
  }

  /**
   * YAML's own words; where it noticed lies often below the cause, whose beginning it names too.
   */
  private static void note(MarkedYamlEngineException e, Problems problems) {
    Mark noticed = e.getProblemMark().or(e::getContextMark).orElse(null);
    Mark began = e.getContextMark().orElse(null);
    String context = e.getContext() == null ? "" : e.getContext();
    if (!context.isEmpty()) {
      boolean above = began != null && line(began) != line(noticed);
      context += (above ? " that starts at line " + line(began) : "") + ": ";
    }
    // A quote that is not closed is noticed lines below, and wrong where it opens.
    Mark place = context.startsWith("while scanning a quoted scalar") ? began : noticed;
    problems.at(
        line(place),
        column(place),
        "YAML: " + context + e.getProblem(),
        e instanceof ScannerException
            ? "often a tab, a missing quote or wrong indentation just above"
            : "often wrong indentation or a missing quote above");
  }

  private static void note(ReaderException e, String text, Problems problems) {
    String before =
        text.substring(
            0,
            text.offsetByCodePoints(
                0, Math.min(e.getPosition(), text.codePointCount(0, text.length()))));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    problems.at(
        line,
        before.length() - before.lastIndexOf('\n'),
        "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint()),
        null);
  }

  private static int line(@Nullable Mark mark) {
    return mark == null ? 0 : mark.getLine() + 1;
  }

  private static int column(@Nullable Mark mark) {
    return mark == null ? 0 : mark.getColumn() + 1;
  }
}
