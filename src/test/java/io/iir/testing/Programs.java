package io.iir.testing;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** Programs that tests need and that are not the project's. */
public final class Programs {

  private Programs() {}

  /**
   * Where {@code name} lies: in the folder that the system property {@code iir.test.tools} names,
   * or on the path. {@code how} tells whoever lacks it how to come by it.
   */
  public static Path find(String name, String how) {
    String folders =
        System.getProperty("iir.test.tools", "")
            + File.pathSeparator
            + Objects.toString(System.getenv("PATH"), "");
    return Stream.of(folders.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name).toAbsolutePath())
        .filter(Files::isRegularFile)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new AssertionError(
                "There is no program %s in the folder -Diir.test.tools or on the path: %s"
                    .formatted(name, how)));
  }
}
