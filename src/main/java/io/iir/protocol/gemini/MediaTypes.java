package io.iir.protocol.gemini;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The media types that Gemini reads, by the ending of a file's name.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/file-input-methods">File input methods</a>
 */
final class MediaTypes {

  private static final Map<String, String> BY_ENDING =
      Map.ofEntries(
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("webp", "image/webp"),
          Map.entry("gif", "image/gif"),
          Map.entry("bmp", "image/bmp"),
          Map.entry("heic", "image/heic"),
          Map.entry("heif", "image/heif"),
          Map.entry("pdf", "application/pdf"),
          Map.entry("json", "application/json"),
          Map.entry("txt", "text/plain"),
          Map.entry("md", "text/markdown"),
          Map.entry("html", "text/html"),
          Map.entry("css", "text/css"),
          Map.entry("csv", "text/csv"),
          Map.entry("xml", "text/xml"),
          Map.entry("rtf", "text/rtf"),
          Map.entry("wav", "audio/wav"),
          Map.entry("mp3", "audio/mp3"),
          Map.entry("aiff", "audio/aiff"),
          Map.entry("aac", "audio/aac"),
          Map.entry("ogg", "audio/ogg"),
          Map.entry("flac", "audio/flac"),
          Map.entry("mp4", "video/mp4"),
          Map.entry("mov", "video/mov"),
          Map.entry("mpeg", "video/mpeg"),
          Map.entry("webm", "video/webm"));

  private MediaTypes() {}

  /** The media type of what {@code name}, a file's name or a URL, is called after; or null. */
  static @Nullable String ofName(String name) {
    String path = name.split("[?#]", 2)[0];
    int dot = path.lastIndexOf('.');
    return dot < 0 ? null : BY_ENDING.get(path.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
