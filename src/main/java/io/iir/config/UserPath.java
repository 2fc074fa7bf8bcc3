package io.iir.config;

import java.nio.file.Path;

/**
 * Paths as people write them. Settings hold them as text, because Spring looks a {@code Path} up on
 * the class path first and would find the gateway's own folders there.
 */
final class UserPath {

  private UserPath() {}

  /** The path that {@code text} names, with a leading {@code ~} as the user's home. */
  static Path of(String text) {
    String home = System.getProperty("user.home");
    if (text.equals("~")) {
      return Path.of(home);
    }
    return text.startsWith("~/") ? Path.of(home, text.substring(2)) : Path.of(text);
  }
}
