package io.iir.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.house.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The Helm chart as it lies in the repository. */
final class Chart {

  static final Path FOLDER = Path.of("deploy", "helm", "iir");

  private Chart() {}

  static JsonNode about() {
    return Yaml.read(FOLDER.resolve("Chart.yaml"));
  }

  static JsonNode values() {
    return Yaml.read(FOLDER.resolve("values.yaml"));
  }

  /** A JSON document is a YAML document. */
  static JsonNode schema() {
    return Yaml.read(FOLDER.resolve("values.schema.json"));
  }

  /** The sets of values that the chart is tried with. */
  static List<Path> examples() {
    try (Stream<Path> files = Files.list(FOLDER.resolve("ci"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of each template, by its path. */
  static Map<Path, String> templates() {
    try (Stream<Path> files = Files.walk(FOLDER.resolve("templates"))) {
      Map<Path, String> texts = new TreeMap<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        texts.put(file, Files.readString(file));
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the values lie that the schema describes no parts of, such as {@code image.tag}. */
  static List<String> paths() {
    List<String> all = new ArrayList<>();
    collect("", schema(), all);
    all.remove("global"); // Helm's own
    return all;
  }

  private static void collect(String path, JsonNode schema, List<String> into) {
    if (!schema.has("properties") || schema.has("required")) {
      into.add(path);
      return;
    }
    schema
        .path("properties")
        .properties()
        .forEach(each ->
            collect(
                path.isEmpty() ? each.getKey() : path + "." + each.getKey(),
                each.getValue(),
                into));
  }

  /** The value at {@code path}. */
  static JsonNode value(String path) {
    return values().at("/" + path.replace('.', '/'));
  }
}
