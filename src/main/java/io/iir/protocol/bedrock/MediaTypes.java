package io.iir.protocol.bedrock;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converse's words for media types.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html">
 *     DocumentBlock</a>
 */
final class MediaTypes {

  private static final Map<String, String> DOCUMENTS =
      Map.of(
          "application/pdf", "pdf",
          "text/csv", "csv",
          "application/msword", "doc",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
          "application/vnd.ms-excel", "xls",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
          "text/html", "html",
          "text/plain", "txt",
          "text/markdown", "md");

  private static final Set<String> FORMATS = Set.copyOf(DOCUMENTS.values());

  private static final int LONGEST_NAME = 200;

  private MediaTypes() {}

  /** The format of an image; null: it is not known. */
  static @Nullable String image(String mediaType) {
    return switch (mediaType) {
      case "image/png" -> "png";
      case "image/jpeg", "image/jpg" -> "jpeg";
      case "image/gif" -> "gif";
      case "image/webp" -> "webp";
      default -> null;
    };
  }

  /** The format of a document by its media type, else by its name; null: it is not known. */
  static @Nullable String document(String mediaType, String name) {
    String known = DOCUMENTS.get(mediaType);
    String end = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return known == null && FORMATS.contains(end) ? end : known;
  }

  /**
   * The name of the next document of a request: of {@code file} what may stand there, letters,
   * digits, single blanks, dashes and brackets. Converse refuses a name that is there twice, so a
   * number is behind it if it is in {@code taken}, the names so far in lower case; it is added to
   * them.
   */
  static String name(String file, Set<String> taken) {
    String plain = plain(file);
    String name = plain.isEmpty() ? "document-" + (taken.size() + 1) : plain;
    for (int n = 2; !taken.add(name.toLowerCase(Locale.ROOT)); n++) {
      String number = "-" + n;
      String stem = plain.isEmpty() ? "document" : plain;
      name = stem.substring(0, Math.min(stem.length(), LONGEST_NAME - number.length())) + number;
    }
    return name;
  }

  private static String plain(String file) {
    String stem = file.contains(".") ? file.substring(0, file.lastIndexOf('.')) : file;
    String plain = stem.replaceAll("[^a-zA-Z0-9\\s()\\[\\]-]", "-").replaceAll("\\s+", " ").strip();
    return plain.substring(0, Math.min(plain.length(), LONGEST_NAME));
  }
}
