package io.iir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rules diff}: how a rule differs from the one that is live, and what that would change. */
@Command(
    name = "diff",
    description = {
      "Print how FILE differs from the text that decides in a running gateway, whether it would"
          + " be accepted, and how many recorded requests would go elsewhere.",
      "Exits with 1 if there is a difference."
    })
final class DiffCommand extends RuleCommand {

  private static final int CONTEXT = 3;

  @Parameters(paramLabel = "FILE", description = "The file with the rule; - is standard input.")
  private String file = "";

  DiffCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    if (!gateway().meant(shell())) {
      throw new CliException(
          "diff asks a running gateway: set IIR_ADMIN_KEY or give --key-file, and --gateway if it"
              + " is not http://localhost:8000.");
    }
    List<RuleSource> sources = new ArrayList<>();
    try {
      RuleSource source = source(file);
      sources.add(source);
      try (GatewayAnswers answers = new GatewayAnswers(gateway().connect(shell()))) {
        return compare(source, answers);
      }
    } catch (InvalidRuleException e) {
      print(err(), e.problems(), sources);
      return WRONG;
    }
  }

  private int compare(RuleSource source, GatewayAnswers answers) throws InvalidRuleException {
    GatewayAnswers.Live live = answers.live(source.edit().id());
    if (live != null && live.text().equals(source.edit().text())) {
      out().printf("%s is what decides: version %d%n", source.name(), live.version());
      return FINE;
    }
    difference(live, source).forEach(out()::println);
    out().println();
    List<Problem> problems = answers.validate(List.of(source.edit()));
    if (!problems.isEmpty()) {
      out().println("It would be refused:");
      print(out(), problems, List.of(source));
      return WRONG;
    }
    out().println("It would be accepted.");
    JsonNode report = answers.backtest(source.edit(), Integer.MAX_VALUE);
    out().println(BacktestText.sentence(report));
    return WRONG;
  }

  private static List<String> difference(GatewayAnswers.@Nullable Live live, RuleSource source) {
    String name =
        live == null
            ? "/dev/null"
            : "%s\tversion %d, live since %s"
                .formatted(source.edit().id(), live.version(), live.since());
    List<String> old = live == null ? List.of() : live.text().lines().toList();
    List<String> lines =
        UnifiedDiffUtils.generateUnifiedDiff(
            name,
            source.name(),
            old,
            DiffUtils.diff(old, source.edit().text().lines().toList()),
            CONTEXT);
    return lines.isEmpty() ? List.of("Only the ends of lines differ.") : lines;
  }
}
