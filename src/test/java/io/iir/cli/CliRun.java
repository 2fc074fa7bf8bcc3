package io.iir.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/**
 * One command that was run.
 *
 * @param status its exit status
 * @param out what it printed
 * @param err what it complained of
 */
record CliRun(int status, String out, String err) {

  /** Runs a command in {@code environment}, with {@code input} as standard input. */
  static CliRun of(Map<String, String> environment, String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Cli.commandLine(new ByteArrayInputStream(input.getBytes(UTF_8)), environment::get)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments);
    return new CliRun(status, out.toString(), err.toString());
  }

  /** Runs a command without a key and without standard input. */
  static CliRun of(String... arguments) {
    return of(Map.of(), "", arguments);
  }
}
