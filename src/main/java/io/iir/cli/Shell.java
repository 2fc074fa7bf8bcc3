package io.iir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a command is run from: files, standard input, environment. For one command. */
final class Shell {

  /** The name of standard input in the place of a file's. */
  static final String STDIN = "-";

  private final InputStream input;
  private final Function<String, @Nullable String> environment;
  private boolean inputRead;

  /** Standard input is {@code input}; {@code environment} is asked by variable. */
  Shell(InputStream input, Function<String, @Nullable String> environment) {
    this.input = input;
    this.environment = environment;
  }

  /** The value of the environment variable {@code name}; null if it is not set, or blank. */
  @Nullable String variable(String name) {
    String value = environment.apply(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** How {@code path} is called in messages. */
  static String name(String path) {
    return path.equals(STDIN) ? "<stdin>" : path;
  }

  /** What is in the file {@code path}, or in standard input if that is {@code -}. */
  byte[] read(String path) {
    try {
      if (path.equals(STDIN)) {
        if (inputRead) {
          throw new CliException("Only one file can be '-': standard input can be read once.");
        }
        inputRead = true;
        return input.readAllBytes();
      }
      Path file = Path.of(path);
      if (Files.isDirectory(file)) {
        throw new CliException("%s is a directory, not a file.".formatted(path));
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException | InvalidPathException e) {
      throw new CliException("%s: there is no such file.".formatted(path), e);
    } catch (IOException e) {
      throw new CliException("%s cannot be read: %s.".formatted(name(path), e.getMessage()), e);
    }
  }

  /** As {@link #read}, as text that must not be empty. */
  String text(String path) {
    String text = utf8(read(path));
    if (text == null) {
      throw new CliException("%s is not UTF-8 text.".formatted(name(path)));
    }
    if (text.isBlank()) {
      throw new CliException("%s is empty.".formatted(name(path)));
    }
    return text;
  }

  /** {@code bytes} as text; null if they are none. */
  static @Nullable String utf8(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
