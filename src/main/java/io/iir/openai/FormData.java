package io.iir.openai;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the parts of a {@code multipart/form-data} body without copying them. Stricter than RFC
 * 2046 where servers differ, so that none sees other parts than this gateway: nothing stands before
 * the first boundary or behind the last, and each part says its name once. Used once, by one
 * thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7578">RFC 7578</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1">RFC 2046, section 5.1.1</a>
 */
final class FormData {

  /** The most parts of a form. */
  static final int MAX_PARTS = 100;

  /** The most bytes of a part's headers. */
  static final int MAX_HEADERS = 8 << 10;

  private static final Pattern BOUNDARY =
      Pattern.compile("[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]");
  private static final Set<String> AS_IT_IS = Set.of("7bit", "8bit", "binary");
  private static final byte[] LINE = {'\r', '\n'};
  private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};
  private static final byte[] DASHES = {'-', '-'};

  /**
   * A part.
   *
   * @param name the field's name
   * @param file whether it has a file's name
   * @param start the offset of its content's first byte
   * @param end the offset behind its content's last byte
   */
  record Part(String name, boolean file, int start, int end) {

    int size() {
      return end - start;
    }
  }

  private final byte[] body;
  private final byte[] delimiter;
  private final List<Part> parts = new ArrayList<>();

  private FormData(byte[] body, String boundary) {
    this.body = body;
    this.delimiter = ("\r\n--" + boundary).getBytes(US_ASCII);
  }

  /**
   * The parts of {@code body} in their order.
   *
   * @param contentType the body's media type, with its boundary
   * @throws ApiException 400 {@code invalid_request} if it is no such body
   */
  static List<Part> parse(byte[] body, String contentType) {
    HeaderValue type = HeaderValue.of(contentType);
    String boundary = type == null ? null : type.parameters().get("boundary");
    if (type == null || !type.value().equals("multipart/form-data") || boundary == null) {
      throw invalid(
          "Content-Type must be multipart/form-data with a boundary: let an HTTP library make the"
              + " form, and set no Content-Type yourself.");
    }
    if (!BOUNDARY.matcher(boundary).matches()) {
      throw invalid(
          "The boundary in Content-Type must have 1 to 70 characters of those that RFC 2046"
              + " allows.");
    }
    FormData form = new FormData(body, boundary);
    form.read();
    return form.parts;
  }

  private void read() {
    int at;
    if (is(Arrays.copyOfRange(delimiter, 2, delimiter.length), 0)) {
      at = delimiter.length - 2;
    } else if (is(delimiter, 0)) {
      at = delimiter.length;
    } else {
      throw invalid("The form does not begin with the boundary that its Content-Type names.");
    }
    while (!is(DASHES, at)) {
      at = part(padded(at));
    }
    for (int i = at + DASHES.length; i < body.length; i++) {
      if (!isBlank(body[i]) && body[i] != '\r' && body[i] != '\n') {
        throw invalid("The form goes on behind its last boundary, at byte offset %d.".formatted(i));
      }
    }
  }

  /** The offset of the line behind a boundary. */
  private int padded(int from) {
    int at = from;
    while (at < body.length && isBlank(body[at])) {
      at++;
    }
    if (!is(LINE, at)) {
      throw invalid(
          "The form's boundary is not followed by a line break, at byte offset %d.".formatted(at));
    }
    return at + LINE.length;
  }

  /** Reads the part from {@code start} on; the offset behind the boundary that ends it. */
  private int part(int start) {
    if (parts.size() == MAX_PARTS) {
      throw invalid("The form has more than %d parts.".formatted(MAX_PARTS));
    }
    int headersEnd = find(BLANK_LINE, start, Math.min(body.length, start + MAX_HEADERS));
    if (headersEnd < 0) {
      throw invalid(
          "Part %d of the form has no end of its headers within %d bytes."
              .formatted(parts.size() + 1, MAX_HEADERS));
    }
    HeaderValue disposition = disposition(new String(body, start, headersEnd - start, UTF_8));
    int content = headersEnd + BLANK_LINE.length;
    int end = find(delimiter, content, body.length);
    if (end < 0) {
      throw invalid(
          "The form ends in the middle of part %d: send all of it, and check Content-Length."
              .formatted(parts.size() + 1));
    }
    String name = disposition.parameters().get("name");
    boolean file =
        disposition.parameters().containsKey("filename")
            || disposition.parameters().containsKey("filename*");
    parts.add(new Part(String.valueOf(name), file, content, end));
    return end + delimiter.length;
  }

  private HeaderValue disposition(String headers) {
    HeaderValue found = null;
    for (String line : headers.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      boolean wanted = name.equals("content-disposition");
      boolean sound =
          colon > 0
              && !(wanted && found != null)
              && (!name.equals("content-transfer-encoding")
                  || AS_IT_IS.contains(value.toLowerCase(Locale.ROOT)));
      found = wanted && sound ? HeaderValue.of(value) : found;
      if (!sound || (wanted && !isField(found))) {
        throw badHeaders();
      }
    }
    if (found == null) {
      throw badHeaders();
    }
    return found;
  }

  private static boolean isField(@Nullable HeaderValue disposition) {
    return disposition != null
        && disposition.value().equals("form-data")
        && disposition.parameters().containsKey("name");
  }

  private ApiException badHeaders() {
    return invalid(
        ("The headers of part %d of the form must have one Content-Disposition: form-data;"
                + " name=\"...\", and no Content-Transfer-Encoding that would have to be undone.")
            .formatted(parts.size() + 1));
  }

  /** Where {@code wanted} is in the body between two offsets, negative if nowhere. */
  private int find(byte[] wanted, int from, int to) {
    for (int i = from; i <= to - wanted.length; i++) {
      if (body[i] == wanted[0] && is(wanted, i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean is(byte[] wanted, int at) {
    int end = at + wanted.length;
    return end <= body.length && Arrays.equals(body, at, end, wanted, 0, wanted.length);
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static ApiException invalid(String message) {
    return ApiException.invalidRequest(message, null);
  }
}
