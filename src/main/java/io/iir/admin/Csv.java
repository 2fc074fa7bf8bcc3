package io.iir.admin;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes a table as RFC 4180 has it. A text that a spreadsheet would take for a formula gets an
 * apostrophe before it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 * @see <a href="https://owasp.org/www-community/attacks/CSV_Injection">CSV injection</a>
 */
final class Csv {

  private static final String FORMULA = "=+-@\t\r";

  private final StringBuilder out = new StringBuilder(4_096);

  /** Adds a line of fields: numbers as they are, anything else as text. */
  void line(List<?> fields) {
    String before = "";
    for (Object field : fields) {
      out.append(before);
      if (field instanceof Number) {
        out.append(field);
      } else {
        text(field.toString());
      }
      before = ",";
    }
    out.append("\r\n");
  }

  private void text(String text) {
    String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    if (safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
      out.append('"').append(safe.replace("\"", "\"\"")).append('"');
    } else {
      out.append(safe);
    }
  }

  byte[] bytes() {
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }
}
