package io.iir.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.monitoring.Query.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What lies in the folder {@code monitoring}. */
public final class Monitoring {

  /** What Prometheus reads. */
  public static final Path PROMETHEUS = Path.of("monitoring/prometheus");

  /** What Grafana reads. */
  public static final Path GRAFANA = Path.of("monitoring/grafana");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern VALUES = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");

  private Monitoring() {}

  /** The dashboards, by the names of their files. */
  public static SortedMap<String, JsonNode> dashboards() {
    SortedMap<String, JsonNode> all = new TreeMap<>();
    for (Path file : files(GRAFANA.resolve("dashboards"), ".json")) {
      try {
        all.put(name(file), JSON.readTree(Files.readString(file)));
      } catch (IOException e) {
        throw new AssertionError(file + " is no JSON", e);
      }
    }
    return all;
  }

  /** The panels of a dashboard that show something. */
  public static List<JsonNode> panels(JsonNode dashboard) {
    return list(dashboard.path("panels")).stream()
        .filter(panel -> !panel.path("type").asText().equals("row"))
        .toList();
  }

  /** The rules that record and alert, by the names of their files. */
  public static SortedMap<String, List<JsonNode>> rules() {
    SortedMap<String, List<JsonNode>> all = new TreeMap<>();
    for (Path file : files(PROMETHEUS.resolve("rules"), ".yml")) {
      List<JsonNode> rules = new ArrayList<>();
      yaml(file).path("groups").forEach(group -> rules.addAll(list(group.path("rules"))));
      all.put(name(file), rules);
    }
    return all;
  }

  /** The rules that alert. */
  public static List<JsonNode> alerts() {
    return rules().values().stream()
        .flatMap(List::stream)
        .filter(rule -> rule.has("alert"))
        .toList();
  }

  /** All that Prometheus is asked by dashboards and rules. */
  public static List<Query> queries() {
    List<Query> all = new ArrayList<>();
    dashboards()
        .forEach((file, dashboard) -> {
          panels(dashboard).forEach(panel -> all.addAll(targets(file, panel)));
          for (JsonNode line : dashboard.path("annotations").path("list")) {
            String title = line.path("name").asText();
            all.add(new Query(file, title, Kind.ANNOTATION, line.path("expr").asText(), ""));
          }
          for (JsonNode variable : dashboard.path("templating").path("list")) {
            Matcher values = VALUES.matcher(variable.path("definition").asText());
            if (values.matches()) {
              String title = "$" + variable.path("name").asText();
              String expression = "group by (%s) (%s)".formatted(values.group(2), values.group(1));
              all.add(new Query(file, title, Kind.VARIABLE, expression, ""));
            }
          }
        });
    rules()
        .forEach((file, rules) -> {
          for (JsonNode rule : rules) {
            Kind kind = rule.has("alert") ? Kind.ALERT : Kind.RECORD;
            String title = rule.path(rule.has("alert") ? "alert" : "record").asText();
            all.add(new Query(file, title, kind, rule.path("expr").asText(), ""));
          }
        });
    return all;
  }

  private static List<Query> targets(String file, JsonNode panel) {
    List<Query> all = new ArrayList<>();
    for (JsonNode target : panel.path("targets")) {
      String legend = target.path("legendFormat").asText();
      String title = panel.path("title").asText();
      all.add(new Query(file, title, Kind.PANEL, target.path("expr").asText(), legend));
    }
    return all;
  }

  /** {@code file}, a file of YAML, as a tree. */
  public static JsonNode yaml(Path file) {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    try {
      Object tree = new Yaml(new SafeConstructor(strict)).load(Files.readString(file));
      return JSON.valueToTree(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files of {@code folder} whose names end in {@code ending}, in order. */
  public static List<Path> files(Path folder, String ending) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The elements of {@code array}. */
  public static List<JsonNode> list(JsonNode array) {
    List<JsonNode> all = new ArrayList<>();
    array.forEach(all::add);
    return all;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName()).replaceFirst("\\.\\w+$", "");
  }
}
