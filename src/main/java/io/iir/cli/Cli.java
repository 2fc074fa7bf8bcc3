package io.iir.cli;

import java.io.InputStream;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line: what {@code java -jar iir.jar} does with arguments that are a command. */
public final class Cli {

  /** The first argument of commands on rules. */
  static final String RULES = "rules";

  /** The first argument of commands on what a gateway keeps. */
  static final String STORE = "store";

  /** The first argument of commands on the classifier. */
  static final String CLASSIFIER = "classifier";

  private static final Set<String> COMMANDS = Set.of(RULES, STORE, CLASSIFIER);

  private static final String LOGGING = "slf4j.provider";
  private static final String NO_LOGGING = "org.slf4j.helpers.NOP_FallbackServiceProvider";
  private static final String LOGGING_VERBOSITY = "slf4j.internal.verbosity";

  private Cli() {}

  /** Whether {@code arguments} are a command. */
  public static boolean isCommand(String[] arguments) {
    return arguments.length > 0 && COMMANDS.contains(arguments[0]);
  }

  /** What all commands are part of. */
  @Command(
      name = "java -jar iir.jar",
      description = "Without a command: the gateway.",
      mixinStandardHelpOptions = true,
      versionProvider = Version.class)
  private static final class Top {}

  /**
   * Does what {@code arguments} say, with what is printed to standard output and standard error.
   *
   * @param input standard input
   * @return the exit status: 0 fine, 1 a rule is wrong or something differs, 2 wrong usage, or
   *     something cannot be reached or read
   */
  public static int run(String[] arguments, InputStream input) {
    // What the libraries log is the gateway's business; and setting up its logging takes time.
    System.setProperty(LOGGING_VERBOSITY, "ERROR");
    System.setProperty(LOGGING, NO_LOGGING);
    return commandLine(input, System::getenv).execute(arguments);
  }

  /** The commands, of which each is for one execution. */
  static CommandLine commandLine(
      InputStream input, Function<String, @Nullable String> environment) {
    Shell shell = new Shell(input, environment);
    CommandLine rules =
        new CommandLine(new RulesCommand())
            .addSubcommand(new ValidateCommand(shell))
            .addSubcommand(new DiffCommand(shell))
            .addSubcommand(new BacktestCommand(shell))
            .addSubcommand(new ExplainCommand(shell));
    return new CommandLine(new Top())
        .addSubcommand(rules)
        .addSubcommand(new CommandLine(new StoreCommand()).addSubcommand(new CopyCommand(shell)))
        .addSubcommand(new CommandLine(new ClassifierCommand()).addSubcommand(new TrainCommand()))
        .setParameterExceptionHandler((e, args) -> misused(e))
        .setExecutionExceptionHandler((e, command, result) -> failed(e, command));
  }

  private static int misused(ParameterException e) {
    CommandLine command = e.getCommandLine();
    command
        .getErr()
        .printf("%s%nSee %s --help.%n", e.getMessage(), command.getCommandSpec().qualifiedName());
    return RuleCommand.UNUSABLE;
  }

  private static int failed(Exception e, CommandLine command) {
    if (e instanceof CliException) {
      command.getErr().println(e.getMessage());
    } else {
      command.getErr().println("This is a fault of the command itself; please report it:");
      e.printStackTrace(command.getErr());
    }
    return RuleCommand.UNUSABLE;
  }
}
