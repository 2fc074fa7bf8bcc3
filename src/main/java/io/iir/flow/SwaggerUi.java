package io.iir.flow;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/** Swagger UI's files, of the version that is in the program. */
final class SwaggerUi {

  private static final String ABOUT = "META-INF/maven/org.webjars/swagger-ui/pom.properties";

  private SwaggerUi() {}

  /** Its files, answered with {@code headers}. */
  static StaticFiles files(Map<String, String> headers) {
    return new StaticFiles("META-INF/resources/webjars/swagger-ui/" + version(), headers);
  }

  /** Its version. */
  static String version() {
    Properties about = new Properties();
    try (InputStream in = SwaggerUi.class.getClassLoader().getResourceAsStream(ABOUT)) {
      if (in == null) {
        throw new IllegalStateException(ABOUT + " is not in the program");
      }
      about.load(in);
    } catch (IOException e) {
      throw new IllegalStateException(ABOUT + " cannot be read", e);
    }
    return Objects.requireNonNull(about.getProperty("version"), ABOUT + " names no version");
  }
}
