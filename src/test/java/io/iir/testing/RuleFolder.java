package io.iir.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A routes folder whose provider-choice a test edits. */
public final class RuleFolder {

  /** The file that is edited. */
  public static final String FILE = "provider-choice.camel.yaml";

  private final Path folder;

  /** Edits in {@code folder}. */
  public RuleFolder(Path folder) {
    this.folder = folder;
  }

  /** The file that is edited. */
  public Path file() {
    return folder.resolve(FILE);
  }

  /** The setting that makes a gateway use the folder, and look at it often. */
  public String[] settings() {
    return new String[] {
      "iir.routes-dir=" + folder, "iir.rules.poll=20ms", "iir.rules.settle=40ms"
    };
  }

  /** A rule that sends all to {@code targets} and gives {@code reason}. */
  public static String rule(String targets, String reason) {
    return """
    - route:
        id: provider-choice
        group: rules
        from:
          uri: direct:provider-choice
          steps:
            - choice:
                when:
                  - id: named
                    simple: "${variable.strategy} == 'pass-through'"
                    steps:
                      - setVariable: {name: targets, simple: "${variable.provider}/${variable.model}"}
                otherwise:
                  id: %s
                  steps:
                    - setVariable: {name: targets, constant: "%s"}
    """
        .formatted(reason, targets);
  }

  /** Writes {@code text} in place. */
  public RuleFolder write(String text) {
    try {
      Files.writeString(file(), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes another rule. */
  public RuleFolder write(String id, String text) {
    try {
      Files.writeString(folder.resolve(id + ".camel.yaml"), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
