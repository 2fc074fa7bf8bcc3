package io.iir.cli;

import io.iir.config.StartException;
import io.iir.rules.DecisionExport;
import io.iir.rules.OfflineRules;
import io.iir.rules.language.InvalidRuleException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that say by what questions are answered where no gateway is asked. */
final class OfflineOptions {

  private static final List<String> USUALLY_READABLE =
      List.of("user-agent", "x-priority", "x-tenant");

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "What GET /api/v1/rules/decisions exported: no gateway is asked, the models are those"
              + " in there.")
  private @Nullable String record;

  @Option(
      names = "--routes",
      paramLabel = "DIR",
      description =
          "Without a gateway: the folder of the other rules; if not said, they are those that"
              + " ship.")
  private @Nullable String routes;

  @Option(
      names = "--header-name",
      paramLabel = "NAME",
      description =
          "Without a gateway and a record: a header that rules may read, as in"
              + " iir.rules.headers; may be repeated.")
  private List<String> headerNames = List.of();

  /** Whether a record is given. */
  boolean hasRecord() {
    return record != null;
  }

  /**
   * Answers by the record, if there is one; {@code edited} are the ids of the rules to be tried.
   */
  OfflineAnswers open(Shell shell, Set<String> edited) throws InvalidRuleException {
    @Nullable Path folder = folder();
    if (record == null) {
      Set<String> headers =
          (headerNames.isEmpty() ? USUALLY_READABLE : headerNames)
              .stream()
                  .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                  .collect(Collectors.toCollection(TreeSet::new));
      return new OfflineAnswers(OfflineRules.of(folder, edited, headers), null);
    }
    DecisionExport export = export(shell, record);
    return new OfflineAnswers(OfflineRules.of(folder, edited, export), export);
  }

  private @Nullable Path folder() {
    if (routes == null) {
      return null;
    }
    try {
      Path folder = Path.of(routes);
      if (Files.isDirectory(folder)) {
        return folder;
      }
    } catch (InvalidPathException e) {
      throw new CliException(noFolder(), e);
    }
    throw new CliException(noFolder());
  }

  private String noFolder() {
    return "--routes %s: there is no such directory.".formatted(routes);
  }

  private static DecisionExport export(Shell shell, String path) {
    try {
      return DecisionExport.read(shell.text(path).lines().iterator());
    } catch (IllegalArgumentException | StartException e) {
      throw new CliException(
          "%s is no export of decisions: %s.".formatted(Shell.name(path), e.getMessage()), e);
    }
  }
}
