package io.iir.rules.check;

import io.iir.config.NearestName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The {@code key: value} lines of a block, of which only listed keys were let in. */
final class Fields {

  private static final Map<String, String> NOT_NEEDED =
      Map.of("errorHandler", "not needed: a rule that fails falls to the shipped one");

  private static final String RESOURCE = "resource:";

  private final Node block;
  private final String what;
  private final Problems problems;
  private final Map<String, NodeTuple> found = new LinkedHashMap<>();
  private boolean refused;

  private Fields(Node block, String what, Problems problems) {
    this.block = block;
    this.what = what;
    this.problems = problems;
  }

  /** Those of {@code node}, noting all that is not in {@code allowed}; null if it is no block. */
  static @Nullable Fields of(
      Node node, String what, Collection<String> allowed, Problems problems) {
    if (!(node instanceof MappingNode mapping)) {
      problems.at(
          node,
          "%s must be a block of 'key: value' lines".formatted(what),
          "allowed: " + String.join(", ", allowed));
      return null;
    }
    Fields fields = new Fields(node, what, problems);
    mapping.getValue().forEach(tuple -> fields.add(tuple, allowed));
    return fields;
  }

  private void add(NodeTuple tuple, Collection<String> allowed) {
    if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
      problems.at(tuple.getKeyNode(), "a key must be a word", null);
      return;
    }
    String name = key.getValue();
    NodeTuple first = found.get(name);
    int before = problems.size();
    if (first != null) {
      problems.at(
          key,
          "\"%s\" is there twice in %s".formatted(name, what),
          "first at line %d".formatted(Problems.line(first.getKeyNode())));
    } else if (!allowed.contains(name)) {
      problems.at(
          key,
          "\"%s\" is not allowed in %s".formatted(name, what),
          NOT_NEEDED.getOrDefault(name, allowed(name, allowed)));
    } else {
      found.put(name, tuple);
    }
    refused |= problems.size() > before;
  }

  /** Whether a key was refused: then what seems to be lacking was perhaps meant by it. */
  boolean refused() {
    return refused;
  }

  /** {@code did you mean "x"? allowed: a, b}. */
  static String allowed(String name, Collection<String> allowed) {
    String nearest = NearestName.of(name, allowed);
    return (nearest == null ? "" : "did you mean \"%s\"? ".formatted(nearest))
        + (allowed.isEmpty() ? "none is allowed" : "allowed: " + String.join(", ", allowed));
  }

  Node block() {
    return block;
  }

  /** Its keys, in the order of the text. */
  List<String> keys() {
    return List.copyOf(found.keySet());
  }

  boolean has(String key) {
    return found.containsKey(key);
  }

  /** How many keys the block has, allowed or not. */
  int count() {
    return ((MappingNode) block).getValue().size();
  }

  /** The value, or null if there is none. */
  @Nullable Node value(String key) {
    NodeTuple tuple = found.get(key);
    return tuple == null ? null : tuple.getValueNode();
  }

  /** The key's place, or the block's if it is not there. */
  Node place(String key) {
    NodeTuple tuple = found.get(key);
    return tuple == null ? block : tuple.getKeyNode();
  }

  /** The value, noting that it is lacking. */
  @Nullable Node needed(String key) {
    Node value = value(key);
    if (value == null && !refused) {
      problems.at(block, "%s lacks \"%s\"".formatted(what, key), null);
    }
    return value;
  }

  /** The value as a list, noting that it is none; empty if it is not there. */
  List<Node> list(String key) {
    Node value = value(key);
    if (value instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    if (value != null) {
      problems.at(place(key), "\"%s\" must be a list".formatted(key), "each item begins with '- '");
    }
    return List.of();
  }

  /** The value as a text that is not blank, noting that it is none; null if it is not there. */
  @Nullable ScalarNode text(String key) {
    Node value = value(key);
    return value == null ? null : text(key, value, problems);
  }

  /** {@code value} as a text that is not blank; null after noting that it is none. */
  static @Nullable ScalarNode text(String key, Node value, Problems problems) {
    if (!(value instanceof ScalarNode scalar)) {
      problems.at(value, "\"%s\" must be a text".formatted(key), null);
      return null;
    }
    String text = scalar.getValue();
    if (text.isBlank()) {
      problems.at(scalar, "\"%s\" is empty".formatted(key), null);
      return null;
    }
    int placeholder = text.indexOf("{{");
    if (placeholder >= 0) {
      problems.within(scalar, placeholder, "{{...}} is not allowed in rules", null);
      return null;
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && !SimpleScanner.isBlank(c))) {
      problems.at(scalar, "\"%s\" holds a control character".formatted(key), null);
      return null;
    }
    if (namesResource(text)) {
      problems.at(scalar, "\"resource:\" is not allowed in rules", "write the text itself");
      return null;
    }
    return scalar;
  }

  /** Whether Camel would take the content of a file for {@code text}, in which it trims. */
  static boolean namesResource(String text) {
    return text.strip().regionMatches(true, 0, RESOURCE, 0, RESOURCE.length());
  }

  /** Whether {@code disabled: true} is there. */
  boolean disabled() {
    ScalarNode value = text("disabled");
    if (value == null) {
      return false;
    }
    String word = value.getValue();
    if (value.getScalarStyle() != ScalarStyle.PLAIN
        || !(word.equals("true") || word.equals("false"))) {
      problems.at(value, "\"disabled\" must be true or false", null);
    }
    return word.equals("true");
  }
}
