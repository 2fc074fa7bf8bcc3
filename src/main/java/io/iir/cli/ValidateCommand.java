package io.iir.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.admin.RuleViews;
import io.iir.rules.RuleEdit;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules validate}: whether rules could go live. */
@Command(
    name = "validate",
    description = {
      "Check rules without using them, and print what is wrong with them, a line each:"
          + " FILE:LINE:COLUMN: MESSAGE (HINT).",
      "Without a gateway they go through the same checks; whether the models that they name are"
          + " on offer is only known with a record. Files of several rules are checked together."
    })
final class ValidateCommand extends RuleCommand {

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files with rules; - is standard input.")
  private List<String> files = List.of();

  @Mixin private final OfflineOptions offline = new OfflineOptions();

  @Option(names = "--offline", description = "Ask no gateway, even with a key in hand.")
  private boolean withoutGateway;

  @Option(names = "--json", description = "Print JSON: {\"valid\", \"errors\"}.")
  private boolean json;

  ValidateCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    List<Problem> problems = new ArrayList<>();
    List<RuleSource> sources = new ArrayList<>();
    for (String file : files) {
      try {
        sources.add(source(file));
      } catch (InvalidRuleException e) {
        problems.addAll(e.problems());
      }
    }
    if (!sources.isEmpty()) {
      check(sources, problems);
    }
    show(sources, problems);
    return problems.isEmpty() ? FINE : WRONG;
  }

  /** All together, unless two files are the same rule: then each for itself. */
  private void check(List<RuleSource> sources, List<Problem> problems) {
    List<List<RuleSource>> groups =
        ids(sources).size() == sources.size()
            ? List.of(sources)
            : sources.stream().map(List::of).toList();
    for (List<RuleSource> group : groups) {
      List<RuleEdit> edits = group.stream().map(RuleSource::edit).toList();
      List<Problem> found;
      try (RuleAnswers answers = withoutGateway ? offlineAnswers(group) : answers(offline, group)) {
        found = answers.validate(edits);
      } catch (InvalidRuleException e) {
        found = e.problems();
      }
      found.forEach(problem -> problems.add(RuleSource.named(problem, group)));
    }
    if (!json && !offline.hasRecord() && (withoutGateway || !gateway().meant(shell()))) {
      err().println("note: checked without a gateway or a record: any model may be named");
    }
  }

  private OfflineAnswers offlineAnswers(List<RuleSource> group) throws InvalidRuleException {
    return offline.open(shell(), ids(group));
  }

  private void show(List<RuleSource> sources, List<Problem> problems) {
    if (json) {
      ObjectNode view = RuleViews.validation(problems);
      out().println(Json.pretty(view));
      return;
    }
    print(out(), problems, List.of());
    for (RuleSource source : sources) {
      if (problems.stream().noneMatch(problem -> problem.file().equals(source.name()))) {
        out().println(source.name() + ": " + (problems.isEmpty() ? "valid" : "nothing found"));
      }
    }
  }
}
