import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Whom a load asks, and as what: the URL of its chat completions, the name that it knows the model
 * by, and the headers that it wants besides.
 */
record Target(URI url, String model, List<String> headers) {

  /** A whole chat request over HTTP/1.1 with these further members of its body and this text. */
  byte[] request(String members, String text) {
    byte[] body =
        """
        {"model":"%s",%s"messages":[{"role":"user","content":"%s"}]}\
        """
            .formatted(model, members, text)
            .getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(url.getPath()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(url.getAuthority()).append("\r\n");
    head.append("Content-Type: application/json\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[start.length + body.length];
    System.arraycopy(start, 0, request, 0, start.length);
    System.arraycopy(body, 0, request, start.length, body.length);
    return request;
  }
}
