package io.iir.management;

import io.iir.auth.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Hawtio's own files, as they lie in its jar. Stateless; reads files. */
final class StaticPages {

  /**
   * A file.
   *
   * @param type its media type
   * @param content its bytes
   * @param immutable whether its name changes with its content
   * @param tag what tells its versions apart, as an {@code ETag}; null where that is its name
   */
  record Page(String type, byte[] content, boolean immutable, @Nullable String tag) {}

  private static final String FOLDER = "hawtio-static/";
  private static final Pattern NAME = Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[^/]+");
  private static final Pattern HASHED = Pattern.compile("static/.+\\.[0-9a-f]{8,}\\..+");
  private static final int TAG_LENGTH = 16;

  /** What is served; maps of sources are not, which only the console's authors need. */
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "txt", "text/plain; charset=utf-8",
          "svg", "image/svg+xml",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "ttf", "font/ttf");

  /** The file {@code name}, such as {@code static/js/main.js}; null if there is none. */
  @Nullable Page find(String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    if (type == null || !NAME.matcher(name).matches()) {
      return null;
    }
    try (InputStream in = StaticPages.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        return null;
      }
      byte[] content = in.readAllBytes();
      boolean immutable = HASHED.matcher(name).matches();
      return new Page(type, content, immutable, immutable ? null : tag(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tag(byte[] content) {
    String hash = HexFormat.of().formatHex(Sha256.digest().digest(content));
    return '"' + hash.substring(0, TAG_LENGTH) + '"';
  }
}
