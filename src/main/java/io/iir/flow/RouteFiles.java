package io.iir.flow;

import io.iir.config.IirProperties;
import io.iir.config.StartException;
import io.iir.rules.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.stereotype.Component;

/**
 * Loads the YAML routes: those of the operator's folder, and of the routes that ship with the
 * product those that the folder does not have a file of the same name for. Rules are not among
 * them: see {@link io.iir.rules.Rules}.
 */
@Component
public final class RouteFiles implements CamelContextConfiguration {

  private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);
  private static final String SUFFIX = ".camel.yaml";
  private static final String SHIPPED = "classpath*:routes/*" + SUFFIX;

  private final Path folder;
  private final Rules rules;

  /** Routes from the folder that {@code properties} name, but for {@code rules}. */
  public RouteFiles(IirProperties properties, Rules rules) {
    this.rules = rules;
    this.folder = properties.routesPath();
  }

  @Override
  public void beforeApplicationStart(CamelContext context) {
    for (String location : locations().values()) {
      load(context, location);
    }
  }

  private static void load(CamelContext context, String location) {
    try {
      Resource route = ResourceHelper.resolveMandatoryResource(context, location);
      PluginHelper.getRoutesLoader(context).loadRoutes(route);
    } catch (Exception e) {
      throw new StartException(
          "The route %s cannot be loaded: %s."
              .formatted(location.replaceFirst("^file:", ""), RouteFailureAnalyzer.reason(e)),
          "Mend the file, or take it away: then the one that ships with the gateway is used.",
          e);
    }
  }

  @Override
  public void afterApplicationStart(CamelContext context) {}

  /** Where each file is, by its name. */
  private Map<String, String> locations() {
    try {
      return found();
    } catch (IOException e) {
      throw new StartException(
          "The routes in %s cannot be read: %s.".formatted(folder, e.getMessage()),
          "Make the folder and its files readable for the user that runs the gateway.",
          e);
    }
  }

  private Map<String, String> found() throws IOException {
    Map<String, String> byName = new TreeMap<>();
    for (var shipped : new PathMatchingResourcePatternResolver().getResources(SHIPPED)) {
      String name = String.valueOf(shipped.getFilename());
      if (!rules.isRule(name, shipped.getContentAsByteArray())) {
        byName.put(name, "classpath:routes/" + name);
      }
    }
    if (Files.isDirectory(folder)) {
      for (Path file : own()) {
        if (!rules.isRule(file.getFileName().toString(), Files.readAllBytes(file))) {
          byName.put(file.getFileName().toString(), "file:" + file.toAbsolutePath());
        }
      }
    } else {
      LOG.info("there is no folder {}: the routes that ship with the gateway are used", folder);
    }
    return byName;
  }

  /** Hidden files are editors' and Kubernetes' own. */
  private List<Path> own() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .toList();
    }
  }
}
