package io.iir.cli;

import io.iir.rules.RuleEdit;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What commands that look at rules have in common. */
abstract class RuleCommand implements Callable<Integer> {

  /** All is well. */
  static final int FINE = 0;

  /** A rule is wrong, or something differs. */
  static final int WRONG = 1;

  /** Wrong usage, or a file or the gateway cannot be used. */
  static final int UNUSABLE = 2;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final GatewayOptions gateway = new GatewayOptions();

  private final Shell shell;

  RuleCommand(Shell shell) {
    this.shell = shell;
  }

  Shell shell() {
    return shell;
  }

  GatewayOptions gateway() {
    return gateway;
  }

  PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  PrintWriter err() {
    return Objects.requireNonNull(spec).commandLine().getErr();
  }

  /** Prints {@code text}, whose last line has its end, at once. */
  void show(String text) {
    out().print(text);
    out().flush();
  }

  /** The rule in the file {@code path}; says so if it could not go live under that name. */
  RuleSource source(String path) throws InvalidRuleException {
    RuleSource source = RuleSource.read(path, shell);
    String name = source.misnamed();
    if (name != null) {
      err()
          .printf(
              "note: %s holds the rule '%s': in a routes folder it has to be called %s%n",
              source.name(), source.edit().id(), name);
    }
    return source;
  }

  /** Who answers: the gateway if one is meant and there is no record, else what is at hand. */
  RuleAnswers answers(OfflineOptions offline, List<RuleSource> tried) throws InvalidRuleException {
    if (offline.hasRecord() && gateway.given()) {
      throw new CliException(
          "--record asks no gateway: leave --gateway, --key-file and --trust out.");
    }
    return !offline.hasRecord() && gateway.meant(shell)
        ? new GatewayAnswers(gateway.connect(shell))
        : offline.open(shell, ids(tried));
  }

  static Set<String> ids(List<RuleSource> sources) {
    return sources.stream()
        .map(RuleSource::edit)
        .map(RuleEdit::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Prints what is wrong, as compilers do, by the names that the files have for who gave them. */
  static void print(PrintWriter to, List<Problem> problems, List<RuleSource> sources) {
    problems.forEach(problem -> to.println(RuleSource.named(problem, sources)));
  }
}
