package io.iir.cli;

import io.iir.classify.train.Training;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code classifier train}: a classifier and a report from labelled prompts. */
@Command(
    name = "train",
    description = {
      "Train a classifier on labelled prompts and measure it on prompts held back.",
      "The same prompts and seed give the same file."
    })
final class TrainCommand implements Callable<Integer> {

  @Parameters(
      arity = "1..*",
      paramLabel = "PROMPTS",
      description = "Files of prompts (JSON lines), or folders of such.")
  private List<Path> prompts = List.of();

  @Option(
      names = "--outcomes",
      arity = "1..*",
      paramLabel = "FILE",
      description = "Files of questions and how well models answered them, for complexity.")
  private List<Path> outcomes = List.of();

  @Option(names = "--out", required = true, description = "The classifier's file.")
  private Path out = Path.of("");

  @Option(names = "--report", description = "Where to write how good it is (Markdown).")
  private @Nullable Path report;

  @Option(names = "--seed", description = "Of the order of training; default ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Override
  public Integer call() {
    refuseUnwritable(out);
    if (report != null) {
      refuseUnwritable(report);
    }
    try {
      Training training = Training.on(prompts, outcomes, seed);
      Files.write(out, training.file());
      if (report != null) {
        Files.writeString(report, training.report());
      }
      return 0;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new CliException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CliException("Cannot be written: " + e.getMessage(), e);
    }
  }

  /** Training takes minutes: what cannot be written is said before. */
  private static void refuseUnwritable(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    boolean writable =
        Files.exists(file)
            ? !Files.isDirectory(file) && Files.isWritable(file)
            : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
    if (!writable) {
      throw new CliException(
          "%s cannot be written: give a file in a folder that is there.".formatted(file));
    }
  }
}
