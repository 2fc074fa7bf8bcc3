package io.iir.cli;

import io.iir.config.Secret;
import io.iir.config.StartException;
import io.iir.store.StoreCopy;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code store copy}: from SQLite to PostgreSQL. */
@Command(
    name = "copy",
    description = {
      "Copy all that a gateway keeps from the SQLite in its data directory into the empty"
          + " PostgreSQL that the variable DATABASE_URL names, all or nothing.",
      "Stop the gateway before."
    })
final class CopyCommand implements Callable<Integer> {

  private static final String URL = "DATABASE_URL";

  @Parameters(paramLabel = "DIRECTORY", description = "The data directory: ~/.agent_coder")
  private String directory = "";

  @Spec private @Nullable CommandSpec spec;

  private final Shell shell;

  CopyCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() {
    String url = shell.variable(URL);
    if (url == null) {
      throw new CliException(
          "The variable %s is not set: it names the PostgreSQL to copy into.".formatted(URL));
    }
    try {
      Map<String, Long> rows = StoreCopy.run(Path.of(directory).toAbsolutePath(), Secret.of(url));
      rows.forEach((table, count) ->
          Objects.requireNonNull(spec).commandLine().getOut().printf("%s: %d%n", table, count));
      return 0;
    } catch (StartException e) {
      String remedy = e.remedy();
      throw new CliException(e.getMessage() + (remedy == null ? "" : " " + remedy), e);
    }
  }
}
