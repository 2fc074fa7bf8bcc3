package io.iir.classify.encoder.onnx;

import io.iir.classify.encoder.onnx.Wire.Field;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An <a href="https://onnx.ai/onnx/repo-docs/IR.html">ONNX</a> model without the nodes and weights
 * that one of its inner values does not need, which becomes its only output: a transformer's first
 * layers.
 */
final class FirstLayers {

  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_WEIGHTS = 5;
  private static final int GRAPH_OUTPUT = 12;
  private static final int GRAPH_INNER = 13;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int WEIGHTS_NAME = 8;
  private static final int OUTPUT_NAME = 1;
  private static final int OUTPUT_TYPE = 2;

  private final byte[] all;
  private final String output;

  private FirstLayers(byte[] all, String output) {
    this.all = all;
    this.output = output;
  }

  /**
   * The part of {@code model} that computes {@code output}.
   *
   * @param output the name of a value of the same type as the model's output
   * @throws IllegalArgumentException if there is none, or it is no model
   */
  static byte[] of(byte[] model, String output) {
    FirstLayers cut = new FirstLayers(model, output);
    ByteArrayOutputStream out = new ByteArrayOutputStream(model.length);
    for (Field field : Wire.fields(model, 0, model.length)) {
      if (field.number() == MODEL_GRAPH) {
        Wire.put(out, MODEL_GRAPH, cut.graph(field.fields(model)));
      } else {
        field.copy(model, out);
      }
    }
    return out.toByteArray();
  }

  private byte[] graph(List<Field> fields) {
    Map<String, Field> makers = new HashMap<>();
    for (Field field : fields) {
      if (field.number() == GRAPH_NODE) {
        field.fields(all).stream()
            .filter(part -> part.number() == NODE_OUTPUT)
            .forEach(part -> makers.put(part.text(all), field));
      }
    }
    Set<String> values = needed(makers);
    Set<Field> nodes = new HashSet<>();
    values.stream().filter(makers::containsKey).forEach(value -> nodes.add(makers.get(value)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Field field : fields) {
      switch (field.number()) {
        case GRAPH_NODE -> {
          if (nodes.contains(field)) {
            field.copy(all, out);
          }
        }
        case GRAPH_WEIGHTS -> {
          if (values.contains(field.text(all, WEIGHTS_NAME))) {
            field.copy(all, out);
          }
        }
        case GRAPH_OUTPUT -> Wire.put(out, GRAPH_OUTPUT, renamed(field));
        case GRAPH_INNER -> {} // it only repeats what follows from the rest
        default -> field.copy(all, out);
      }
    }
    return out.toByteArray();
  }

  /** The names of all values from which the output is computed, and its own. */
  private Set<String> needed(Map<String, Field> makers) {
    if (!makers.containsKey(output)) {
      throw new IllegalArgumentException("The model has no " + output + ".");
    }
    Set<String> needed = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(output));
    while (!open.isEmpty()) {
      String value = open.pop();
      Field maker = makers.get(value);
      if (needed.add(value) && maker != null) {
        maker.fields(all).stream()
            .filter(part -> part.number() == NODE_INPUT)
            .forEach(part -> open.push(part.text(all)));
      }
    }
    return needed;
  }

  private byte[] renamed(Field old) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Wire.put(out, OUTPUT_NAME, output.getBytes(StandardCharsets.UTF_8));
    old.fields(all).stream()
        .filter(part -> part.number() == OUTPUT_TYPE)
        .forEach(part -> part.copy(all, out));
    return out.toByteArray();
  }
}
