package io.iir.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code rules}: looks at the text of a rule before it goes live. */
@Command(
    name = Cli.RULES,
    description = {
      "Look at the text of a rule before it goes live.",
      "With an administrator's key (IIR_ADMIN_KEY or --key-file) a running gateway is asked;"
          + " with --record, or without a key, none is needed."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:fine",
      "1:a rule is wrong, or something differs",
      "2:wrong usage, or a file or the gateway cannot be used"
    })
final class RulesCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        Objects.requireNonNull(spec).commandLine(),
        "A command is missing: validate, diff, backtest or explain.");
  }
}
