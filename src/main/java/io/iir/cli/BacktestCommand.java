package io.iir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.rules.language.InvalidRuleException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules backtest}: what a rule would have changed. */
@Command(
    name = "backtest",
    description = "Decide recorded requests once more, by FILE, and print what it would change.")
final class BacktestCommand extends RuleCommand {

  @Parameters(paramLabel = "FILE", description = "The file with the rule; - is standard input.")
  private String file = "";

  @Mixin private final OfflineOptions offline = new OfflineOptions();

  @Option(
      names = "--last",
      paramLabel = "N",
      description = "Only the last N requests; all that are recorded if not said.")
  private int last = Integer.MAX_VALUE;

  @Option(names = "--json", description = "Print the JSON that the API answers.")
  private boolean json;

  @Option(names = "--exit-code", description = "Exit with 1 also if a request would go elsewhere.")
  private boolean exitCode;

  BacktestCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    if (last < 1) {
      throw new CliException("--last must be at least 1.");
    }
    List<RuleSource> sources = new ArrayList<>();
    try {
      RuleSource source = source(file);
      sources.add(source);
      try (RuleAnswers answers = answers(offline, sources)) {
        JsonNode report = answers.backtest(source.edit(), last);
        show(json ? Json.pretty(report) + "\n" : new BacktestText(report).toString());
        boolean differs = exitCode && report.path("changed").asInt() > 0;
        return differs || !report.path("failures").isEmpty() ? WRONG : FINE;
      }
    } catch (InvalidRuleException e) {
      print(err(), e.problems(), sources);
      return WRONG;
    }
  }
}
