package io.iir.rules.check;

import io.iir.rules.language.Fact;
import io.iir.rules.language.Outline;
import io.iir.rules.language.Outline.Branch;
import io.iir.rules.language.Vocabulary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** What the first gate gathers of one file. For one use, by one thread. */
final class Draft implements SimpleScanner.Findings {

  private static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
  private static final String GIVEN = "(line-|[A-Za-z]+-L)[0-9]+(\\.[0-9]+)?";

  private final String rule;
  private final Set<String> liveRules;
  private final Vocabulary vocabulary;
  private final Problems problems;
  private final Set<Fact> reads = EnumSet.noneOf(Fact.class);
  private final Set<String> headers = new TreeSet<>();
  private final Set<String> calls = new TreeSet<>();
  private final Map<String, Integer> ids = new HashMap<>();
  private final Set<String> unnamed = new HashSet<>();
  private final List<Part> parts = new ArrayList<>();
  private @Nullable ScalarNode reading;

  /** Nothing yet of the rule {@code rule}, which may call the others of {@code liveRules}. */
  Draft(String rule, Set<String> liveRules, Vocabulary vocabulary, Problems problems) {
    this.rule = rule;
    this.liveRules = new TreeSet<>(liveRules);
    this.vocabulary = vocabulary;
    this.problems = problems;
    this.liveRules.remove(rule);
  }

  String rule() {
    return rule;
  }

  /** The rules that it may call. */
  Set<String> callable() {
    return liveRules;
  }

  Vocabulary vocabulary() {
    return vocabulary;
  }

  Problems problems() {
    return problems;
  }

  /** From now on what is found is in {@code text}. */
  SimpleScanner.Findings reading(ScalarNode text) {
    reading = text;
    return this;
  }

  @Override
  public void fault(int at, String message, @Nullable String hint) {
    if (reading == null) {
      throw new IllegalStateException(message);
    }
    problems.within(reading, at, message, hint);
  }

  @Override
  public void reads(Fact fact) {
    reads.add(fact);
  }

  @Override
  public void readsHeader(String name) {
    headers.add(name);
  }

  /** Hands on to another rule. */
  void calls(String other) {
    calls.add(other);
  }

  /** The id that a node gives itself, noting that another has it; null if it gives none. */
  @Nullable String id(Fields fields) {
    ScalarNode id = fields.text("id");
    if (id == null) {
      return null;
    }
    Integer first = ids.putIfAbsent(id.getValue(), Problems.line(id));
    if (first != null) {
      problems.at(
          id,
          "the id \"%s\" is there twice".formatted(id.getValue()),
          "first at line %d".formatted(first));
    }
    if (!id.getValue().matches(ID)) {
      problems.at(id, "an id is of letters, digits, '.', '_' and '-', at most 100", null);
    } else if (id.getValue().matches(GIVEN)) {
      problems.at(id, "ids such as this are given to what has none", "choose a word");
    }
    return id.getValue();
  }

  /** Adds a node that is no case. */
  void add(Part.Kind kind, int line, @Nullable String id, List<String> says) {
    String name = id == null ? unused("%s-L%d".formatted(kind.word(), line)) : id;
    parts.add(new Part(kind, line, name, says, null));
  }

  /** Adds a case; {@code condition} is null with {@code otherwise}. */
  void addCase(
      Part.Kind kind, int line, Fields fields, @Nullable String condition, List<String> says) {
    String id = id(fields);
    ScalarNode description = fields.text("description");
    String name = id == null ? unused("line-" + line) : id;
    String purpose = description == null ? null : description.getValue();
    parts.add(new Part(kind, line, name, says, new Branch(name, line, condition, purpose)));
  }

  private String unused(String name) {
    String free = name;
    for (int i = 2; !unnamed.add(free); i++) {
      free = name + "." + i;
    }
    return free;
  }

  /** The nodes in the order of Camel's model. */
  List<Part> parts() {
    return parts;
  }

  Outline outline() {
    List<Branch> branches = new ArrayList<>();
    for (Part part : parts) {
      if (part.branch() != null) {
        branches.add(part.branch());
      }
    }
    branches.sort(Comparator.comparingInt(Branch::line));
    return new Outline(rule, reads, headers, calls, branches);
  }
}
