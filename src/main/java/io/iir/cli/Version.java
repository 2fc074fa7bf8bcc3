package io.iir.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version of the product, as its build wrote it down. */
final class Version implements IVersionProvider {

  private static final String FILE = "/META-INF/build-info.properties";

  /** The version, or {@code unknown} where there was no such build. */
  static String text() {
    try (InputStream in = Version.class.getResourceAsStream(FILE)) {
      Properties build = new Properties();
      if (in != null) {
        build.load(in);
      }
      return build.getProperty("build.version", "unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {"iir " + text()};
  }
}
