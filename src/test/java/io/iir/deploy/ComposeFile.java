package io.iir.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * {@code docker-compose.yml} as Docker Compose reads it from an environment: merged and
 * interpolated.
 *
 * @param tree all of it
 * @param environment the variables it was read from
 */
record ComposeFile(JsonNode tree, Map<String, String> environment) {

  static final Path PATH = Path.of("docker-compose.yml");

  /** {@code ${NAME}}, {@code ${NAME:-default}} or {@code ${NAME:?what to do}}. */
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)(?::([-?])([^}]*))?}");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is left out is a secret of the tests. */
  static final Map<String, String> SECRETS =
      Map.of(
          "IIR_ADMIN_KEY", "sk-test-admin-0123456789",
          "POSTGRES_PASSWORD", "0123456789abcdef",
          "GRAFANA_ADMIN_PASSWORD", "fedcba9876543210");

  /** Reads it; a variable that must be set and is not is an {@link IllegalStateException}. */
  static ComposeFile read(Map<String, String> environment) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    Object tree = new Yaml(new SafeConstructor(options)).load(interpolate(text(PATH), environment));
    return new ComposeFile(JSON.valueToTree(tree), environment);
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String interpolate(String text, Map<String, String> environment) {
    return VARIABLE
        .matcher(text)
        .replaceAll(variable -> Matcher.quoteReplacement(value(variable, environment)));
  }

  private static String value(MatchResult variable, Map<String, String> environment) {
    String set = environment.getOrDefault(variable.group(1), "");
    if (!set.isEmpty()) {
      return set;
    }
    if ("?".equals(variable.group(2))) {
      throw new IllegalStateException(variable.group(3));
    }
    return variable.group(3) == null ? "" : variable.group(3);
  }

  /** What stands behind each variable's name, such as {@code :-default}. */
  static Map<String, String> variables() {
    Map<String, String> all = new TreeMap<>();
    VARIABLE
        .matcher(text(PATH))
        .results()
        .forEach(each ->
            all.put(
                each.group(1), each.group(2) == null ? "" : ":" + each.group(2) + each.group(3)));
    return all;
  }

  /** The names of the variables that services take over where they are set. */
  TreeSet<String> passedOn() {
    TreeSet<String> names = new TreeSet<>();
    services()
        .forEach((name, service) ->
            service.path("environment").properties().stream()
                .filter(each -> each.getValue().isNull())
                .forEach(each -> names.add(each.getKey())));
    return names;
  }

  /** The services by their names. */
  Map<String, JsonNode> services() {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    tree.path("services").properties().forEach(each -> all.put(each.getKey(), each.getValue()));
    return all;
  }

  JsonNode service(String name) {
    return tree.path("services").required(name);
  }

  /** The environment that the service {@code name} gets. */
  Map<String, String> environmentOf(String name) {
    Map<String, String> all = new TreeMap<>();
    service(name)
        .path("environment")
        .properties()
        .forEach(each -> {
          if (!each.getValue().isNull()) {
            all.put(each.getKey(), each.getValue().asText());
          } else if (environment.containsKey(each.getKey())) {
            all.put(each.getKey(), environment.get(each.getKey()));
          }
        });
    return all;
  }

  /** The words of a list such as a command; none where it is missing. */
  static List<String> words(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }

  /** The command of the health check of the service {@code name}. */
  List<String> healthCheck(String name) {
    List<String> test = words(service(name).path("healthcheck").path("test"));
    return test.subList(1, test.size());
  }

  /** The profiles of the service {@code name}; none where a plain start includes it. */
  Stream<String> profiles(String name) {
    return words(service(name).path("profiles")).stream();
  }
}
