package io.iir.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A secret that stands in a file, as Docker and Kubernetes mount them: {@code
 * file:/run/secrets/openai}. Read once, when the gateway starts.
 */
public final class SecretFile {

  private static final String SCHEME = "file:";
  private static final int LONGEST = 64 << 10;

  private SecretFile() {}

  /**
   * {@code secret} itself, or what is in the file that it names.
   *
   * @param setting what it was given as, for the message
   * @throws StartException if the file cannot be read or holds no key
   */
  public static Secret resolve(Secret secret, String setting) {
    return secret.value().startsWith(SCHEME)
        ? read(UserPath.of(secret.value().substring(SCHEME.length())), setting)
        : secret;
  }

  /**
   * The secret in {@code file}.
   *
   * @param setting what names the file, for the message
   * @throws StartException if it cannot be read or holds no key
   */
  public static Secret read(Path file, String setting) {
    Secret secret;
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
        throw new StartException(
            "%s names '%s', which is not a file with a key.".formatted(setting, file));
      }
      secret = Secret.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new StartException(
          "%s names '%s', which cannot be read: may the gateway's user read it?"
              .formatted(setting, file));
    }
    if (secret.isEmpty() || !secret.isPrintable()) {
      throw new StartException(
          "%s names '%s', which holds no key: it must be visible ASCII without spaces."
              .formatted(setting, file));
    }
    return secret;
  }
}
