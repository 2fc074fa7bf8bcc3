package io.iir.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The one file an operator writes: what {@code IIR_CONFIG} names, or {@code config/iir.yaml} if it
 * is there; {@code IIR_CONFIG} set to nothing means none. It holds {@code iir:} and, if wanted,
 * {@code logging:}. Environment variables and the command line win over it.
 *
 * <p>Names of providers, aliases, teams and models with limits may hold any letter here: Boot
 * itself would drop {@code _}, {@code :} and {@code /} from a key that is not in brackets.
 */
public final class OperatorFile implements EnvironmentPostProcessor, Ordered {

  static final String VARIABLE = "IIR_CONFIG";
  private static final String DEFAULT = "config/iir.yaml";
  private static final String ALIASES = "iir.aliases.";
  private static final String PROVIDERS = "iir.providers.";
  private static final String MODEL_LIMITS = "iir.limits.models.";
  private static final String TEAMS = "iir.teams.";

  @Override
  public int getOrder() {
    return ConfigDataEnvironmentPostProcessor.ORDER + 1;
  }

  @Override
  public void postProcessEnvironment(
      ConfigurableEnvironment environment, SpringApplication application) {
    String named = environment.getProperty(VARIABLE);
    Path file = UserPath.of(named == null ? DEFAULT : named.strip());
    if ((named != null && named.isBlank()) || (named == null && !Files.exists(file))) {
      return;
    }
    PropertySource<?> source = read(file, named != null);
    MutablePropertySources sources = environment.getPropertySources();
    if (sources.contains(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME)) {
      sources.addAfter(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, source);
    } else {
      sources.addFirst(source);
    }
  }

  private static PropertySource<?> read(Path file, boolean named) {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new StartException(
          named
              ? "%s names '%s', which is not a file that can be read.".formatted(VARIABLE, file)
              : "'%s' is not a file that can be read.".formatted(file));
    }
    List<PropertySource<?>> documents;
    try {
      documents =
          new YamlPropertySourceLoader().load(file.toString(), new FileSystemResource(file));
    } catch (MarkedYAMLException e) {
      throw new StartException(
          "%s, line %d, column %d: not valid YAML: %s."
              .formatted(
                  file,
                  e.getProblemMark().getLine() + 1,
                  e.getProblemMark().getColumn() + 1,
                  e.getProblem()));
    } catch (YAMLException | IllegalStateException | IOException e) {
      throw new StartException("%s cannot be read: %s.".formatted(file, e.getMessage()));
    }
    if (documents.size() > 1) {
      throw new StartException(
          "%s holds %d YAML documents (---), but only one is allowed."
              .formatted(file, documents.size()));
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    for (PropertySource<?> document : documents) {
      ((MapPropertySource) document).getSource().forEach((key, value) -> put(settings, key, value));
    }
    emptyProviders(file).forEach(name -> put(settings, PROVIDERS + name, ""));
    return new OriginTrackedMapPropertySource("operator file " + file, settings, true);
  }

  /** Names with {@code {}} behind them: known vendors need no more, but Boot drops them. */
  private static List<String> emptyProviders(Path file) {
    try (Reader in = Files.newBufferedReader(file)) {
      Object root = new Yaml(new SafeConstructor(new LoaderOptions())).load(in);
      return root instanceof Map<?, ?> all
              && all.get("iir") instanceof Map<?, ?> iir
              && iir.get("providers") instanceof Map<?, ?> providers
          ? providers.entrySet().stream()
              .filter(entry -> entry.getValue() instanceof Map<?, ?> one && one.isEmpty())
              .map(entry -> String.valueOf(entry.getKey()))
              .toList()
          : List.of();
    } catch (IOException e) {
      throw new StartException("%s cannot be read: %s.".formatted(file, e.getMessage()));
    }
  }

  private static void put(Map<String, Object> settings, String key, Object value) {
    String root = key.split("[.\\[]", 2)[0];
    if (!root.equals("iir") && !root.equals("logging")) {
      throw new StartException(
          "'%s' is not known here%s: settings of the gateway stand under 'iir:', those of its log under 'logging:'."
              .formatted(
                  root, Where.of(value instanceof OriginTrackedValue v ? v.getOrigin() : null)));
    }
    boolean empty = text(value).isEmpty();
    if (empty && SettingNames.groups().contains(key)) {
      return;
    }
    String name = bracketed(key);
    boolean emptyProvider =
        empty && key.startsWith(PROVIDERS) && key.indexOf('.', PROVIDERS.length()) < 0;
    if (emptyProvider) {
      settings.put(name + ".base-url", "");
    } else {
      settings.put(name, value);
    }
  }

  private static String text(Object value) {
    return String.valueOf(value instanceof OriginTrackedValue v ? v.getValue() : value);
  }

  private static String bracketed(String key) {
    if (key.startsWith(ALIASES) && key.indexOf('[') < 0) {
      return "iir.aliases[" + key.substring(ALIASES.length()) + "]";
    }
    if (key.startsWith(PROVIDERS)) {
      int end = key.indexOf('.', PROVIDERS.length());
      String name = key.substring(PROVIDERS.length(), end < 0 ? key.length() : end);
      if (name.indexOf('[') < 0 && !name.matches("[a-z0-9-]+")) {
        return "iir.providers[" + name + "]" + (end < 0 ? "" : key.substring(end));
      }
    }
    if (key.startsWith(MODEL_LIMITS)) {
      return named(key, MODEL_LIMITS, key.lastIndexOf('.'));
    }
    if (key.startsWith(TEAMS)) {
      int end = Math.max(key.lastIndexOf(".limits"), key.lastIndexOf(".budget"));
      return named(key, TEAMS, end);
    }
    return key;
  }

  /** The key with the name between {@code prefix} and {@code end} in brackets. */
  private static String named(String key, String prefix, int end) {
    int from = prefix.length();
    return key.charAt(from) == '[' || end <= from
        ? key
        : prefix.substring(0, from - 1) + "[" + key.substring(from, end) + "]" + key.substring(end);
  }
}
