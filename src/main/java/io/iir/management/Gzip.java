package io.iir.management;

import io.iir.flow.Variables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/** Compresses long texts for clients that take them so. Stateless; takes its time. */
final class Gzip implements Processor {

  /** The request header that says so. */
  static final String ACCEPTS = "accept-encoding";

  private static final int WORTHWHILE = 1024;
  private static final Pattern ACCEPTED =
      Pattern.compile("(?i)(?<![^ ,])gzip(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$))");
  private static final Pattern TEXT = Pattern.compile("(text/|application/json|image/svg).*");

  @Override
  public void process(Exchange exchange) throws IOException {
    Message message = exchange.getMessage();
    String type = message.getHeader(Exchange.CONTENT_TYPE, "", String.class);
    if (!(message.getBody() instanceof byte[] text)
        || text.length < WORTHWHILE
        || !TEXT.matcher(type).matches()) {
      return;
    }
    Map<String, String> known = Variables.ANSWER_HEADERS.find(exchange);
    Map<String, String> headers = new HashMap<>(known == null ? Map.of() : known);
    headers.put("Vary", "Accept-Encoding");
    if (ACCEPTED.matcher(message.getHeader(ACCEPTS, "", String.class)).find()) {
      headers.put("Content-Encoding", "gzip");
      headers.computeIfPresent("ETag", (name, tag) -> "W/" + tag); // the same page, other bytes
      message.setBody(compressed(text));
    }
    Variables.ANSWER_HEADERS.set(exchange, headers);
  }

  private static byte[] compressed(byte[] text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length / 4);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text);
    }
    return bytes.toByteArray();
  }
}
