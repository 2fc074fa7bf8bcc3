package io.iir.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Rules of a test's own, in a routes folder that holds nothing else. */
public final class Rules {

  private Rules() {}

  /** The settings for rules that choose {@code targets} unless the client names a model. */
  public static String[] choosing(Path folder, String targets) {
    try {
      Files.writeString(
          folder.resolve("provider-choice.camel.yaml"),
          """
          - route:
              id: provider-choice
              description: Choose what the test wants
              group: rules
              from:
                uri: direct:provider-choice
                steps:
                  - setVariable: {id: provider-choice.reason, name: reason, constant: test}
                  - choice:
                      id: provider-choice.cases
                      when:
                        - id: provider-choice.named
                          simple: "${variable.strategy} == 'pass-through'"
                          steps:
                            - setVariable: {id: provider-choice.one, name: targets, simple: "${variable.provider}/${variable.model}"}
                      otherwise:
                        id: provider-choice.otherwise
                        steps:
                          - setVariable: {id: provider-choice.all, name: targets, constant: "%s"}
          """
              .formatted(targets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new String[] {"iir.routes-dir=" + folder};
  }
}
