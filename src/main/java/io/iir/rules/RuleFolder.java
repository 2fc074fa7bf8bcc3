package io.iir.rules;

import io.iir.config.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * Where rules lie: the operator's folder, and the rules that ship with the gateway, of which those
 * count that the folder has no file for. Thread-safe.
 */
public final class RuleFolder {

  private static final Logger LOG = LoggerFactory.getLogger(RuleFolder.class);
  private static final String SHIPPED = "classpath*:routes/*" + RuleFile.SUFFIX;

  /** A file that is longer is no rule; its beginning is enough to say so: 64 KiB. */
  private static final int LONGEST = (64 << 10) + 1;

  private final Path folder;
  private final Map<String, RuleFile> shipped;

  /** Rules in {@code folder}, which need not exist. */
  public RuleFolder(Path folder) {
    this.folder = folder;
    this.shipped = readShipped();
  }

  /** The rules that ship with the gateway, by id. */
  Map<String, RuleFile> shipped() {
    return shipped;
  }

  /** The operator's folder. */
  Path path() {
    return folder;
  }

  /**
   * The rules that are there now, by id.
   *
   * @param known ids that are rules even if their file no longer says so
   */
  Map<String, RuleFile> read(Set<String> known) {
    Map<String, RuleFile> found = new TreeMap<>(shipped);
    for (Path path : files()) {
      String name = path.getFileName().toString();
      byte[] content = content(path);
      if (content != null) {
        RuleFile file = RuleFile.of(name, content, false);
        if (known.contains(file.id()) || RuleFile.isLive(name, content)) {
          found.put(file.id(), file);
        }
      }
    }
    return found;
  }

  /** Hidden ones are editors' and Kubernetes' own. */
  private List<Path> files() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(
              path -> {
                String name = path.getFileName().toString();
                return name.endsWith(RuleFile.SUFFIX) && !name.startsWith(".");
              })
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("the folder {} cannot be listed: {}", folder, e.toString());
      return List.of();
    }
  }

  /** What is in the file, or null if it is gone or cannot be read. */
  private static byte @org.jspecify.annotations.Nullable [] content(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(LONGEST);
    } catch (IOException e) {
      LOG.debug("{} cannot be read", path, e);
      return null;
    }
  }

  private static Map<String, RuleFile> readShipped() {
    Map<String, RuleFile> rules = new TreeMap<>();
    try {
      for (Resource resource : new PathMatchingResourcePatternResolver().getResources(SHIPPED)) {
        byte[] content = resource.getContentAsByteArray();
        String name = String.valueOf(resource.getFilename());
        if (RuleFile.isLive(name, content)) {
          RuleFile file = RuleFile.of(name, content, true);
          rules.put(file.id(), file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (rules.isEmpty()) {
      throw new StartException(
          "The rules that ship with the gateway are missing: there is no routes/*%s in its classes."
              .formatted(RuleFile.SUFFIX),
          "Start it from its jar or image; classes that were compiled alone need the folder routes"
              + " beside them.",
          null);
    }
    return Map.copyOf(rules);
  }
}
