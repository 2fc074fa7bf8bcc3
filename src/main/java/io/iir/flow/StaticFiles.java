package io.iir.flow;

import io.iir.auth.Sha256;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The files of one folder of the class path, as a browser gets them: with their type, an ETag that
 * is their content's, and the headers that all of them have. A file is read when it is first asked
 * for and then stays in memory, once for all clients; one whose name changes with its content is
 * kept by browsers instead. Thread-safe; reading blocks, so routes hop off the event loop before
 * they ask.
 *
 * <p>A name leads nowhere else: each of its parts begins with a letter, a digit, {@code _} or
 * {@code @}, so none is {@code ..}, and only files of the types that pages are made of are given
 * out.
 */
public final class StaticFiles {

  /** A name's parts: no empty one, none that begins with a dot, nothing escaped. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_@][A-Za-z0-9_@.~+-]*(/[A-Za-z0-9_@][A-Za-z0-9_@.~+-]*)*");

  private static final int LONGEST_NAME = 200;

  /** Fits no name. */
  private static final Pattern NONE = Pattern.compile("(?!)");

  private static final String CACHE = "Cache-Control";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("gif", "image/gif"),
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("md", "text/markdown; charset=utf-8"),
          Map.entry("png", "image/png"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("ttf", "font/ttf"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("webp", "image/webp"),
          Map.entry("woff", "font/woff"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("yaml", "application/yaml"));

  /**
   * A file.
   *
   * @param type its media type
   * @param bytes its content, which nobody changes
   * @param tag its ETag, quoted; null: its name changes with its content
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record File(String type, byte[] bytes, @Nullable String tag) {}

  private final String folder;
  private final Map<String, String> headers;
  private final Pattern unchanging;
  private final Map<String, File> read = new ConcurrentHashMap<>();

  /**
   * Files under {@code folder}, such as {@code META-INF/resources/webjars/x/1.0}, each answered
   * with {@code headers} besides its own. Browsers ask each time whether a file is still the same,
   * unless {@code headers} has another {@code Cache-Control}.
   */
  public StaticFiles(String folder, Map<String, String> headers) {
    this(folder, headers, NONE);
  }

  /**
   * The same, but browsers keep files whose name fits {@code unchanging}, such as {@code
   * main\.[0-9a-f]{8}\.js}, and do not ask again: another content has another name.
   */
  public StaticFiles(String folder, Map<String, String> headers, Pattern unchanging) {
    this.unchanging = unchanging;
    this.folder = folder.isEmpty() || folder.endsWith("/") ? folder : folder + "/";
    Map<String, String> all = new HashMap<>();
    all.put(CACHE, "no-cache");
    all.put("X-Content-Type-Options", "nosniff");
    all.putAll(headers);
    this.headers = Map.copyOf(all);
  }

  /** Whether there is a file {@code name}, such as {@code css/page.css}. */
  public boolean has(String name) {
    return find(name) != null;
  }

  /**
   * Answers {@code exchange} with the file {@code name}, or with 304 where the client has it.
   *
   * @throws ApiException 404 where there is no such file
   */
  public void answer(Exchange exchange, String name) {
    File file = find(name);
    if (file == null) {
      throw new ApiException(
          ApiError.invalid(404, "not_found", "there is no such file of these pages", null));
    }
    String tag = file.tag();
    Map<String, String> all = new HashMap<>(headers);
    if (tag == null) {
      all.put(CACHE, "public, max-age=31536000, immutable");
    } else {
      all.put("ETag", tag);
    }
    Variables.ANSWER_HEADERS.set(exchange, all);
    String known = exchange.getMessage().getHeader("if-none-match", String.class);
    boolean same = tag != null && known != null && known.contains(tag);
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, same ? 304 : 200);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, file.type());
    exchange.getMessage().setBody(same ? new byte[0] : file.bytes());
  }

  private @Nullable File find(String name) {
    File known = read.get(name);
    if (known != null) {
      return known;
    }
    String type = TYPES.get(extension(name));
    if (type == null || name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
      return null;
    }
    byte[] bytes = bytes(folder + name);
    if (bytes == null) {
      return null;
    }
    if (unchanging.matcher(name).matches()) {
      return new File(type, bytes, null);
    }
    File file = new File(type, bytes, tag(bytes));
    read.put(name, file);
    return file;
  }

  private static String extension(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static byte @Nullable [] bytes(String resource) {
    try (InputStream in = StaticFiles.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(resource + " cannot be read", e);
    }
  }

  private static String tag(byte[] bytes) {
    byte[] digest = Sha256.digest().digest(bytes);
    return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
  }
}
