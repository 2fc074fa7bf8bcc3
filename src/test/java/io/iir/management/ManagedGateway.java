package io.iir.management;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.testing.FreePort;
import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;

/** A gateway with a management port, and what a client of that port can ask. Close it. */
final class ManagedGateway implements AutoCloseable {

  private final int port;
  private final Gateway gateway;

  private ManagedGateway(int port, Gateway gateway) {
    this.port = port;
    this.gateway = gateway;
  }

  static ManagedGateway start(String... settings) {
    int port = FreePort.find();
    return new ManagedGateway(
        port,
        Gateway.start(
            Stream.concat(Arrays.stream(settings), Stream.of("iir.management.port=" + port))
                .toArray(String[]::new)));
  }

  int port() {
    return port;
  }

  Gateway gateway() {
    return gateway;
  }

  /** Gets {@code path} with {@code headerLines}; Host is localhost unless they say otherwise. */
  RawHttp.Answer get(String path, String... headerLines) {
    return send("GET " + path, "", headerLines);
  }

  /** Asks Jolokia for what {@code request} says. */
  RawHttp.Answer post(JsonNode request, String... headerLines) {
    return send("POST /jolokia", request.toString(), headerLines);
  }

  /** Posts {@code body} to {@code path}. */
  RawHttp.Answer postTo(String path, String body) {
    return send("POST " + path, body);
  }

  /** Jolokia's answer to {@code request}. */
  JsonNode ask(JsonNode request) {
    RawHttp.Answer answer = post(request);
    if (answer.status() != 200) {
      throw new AssertionError(answer.body());
    }
    return Gateway.json(answer.body());
  }

  static ObjectNode read(String bean, String attribute) {
    return request("read", bean).put("attribute", attribute);
  }

  static ObjectNode exec(String bean, String operation) {
    return request("exec", bean).put("operation", operation);
  }

  static ObjectNode request(String type, String bean) {
    return JsonNodeFactory.instance.objectNode().put("type", type).put("mbean", bean);
  }

  private RawHttp.Answer send(String line, String body, String... headerLines) {
    StringBuilder head = new StringBuilder(line).append(" HTTP/1.1\r\n");
    if (Arrays.stream(headerLines).noneMatch(each -> each.startsWith("Host:"))) {
      head.append("Host: localhost:").append(port).append("\r\n");
    }
    for (String each : headerLines) {
      head.append(each).append("\r\n");
    }
    if (line.startsWith("POST ")) {
      head.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    try (RawHttp client = new RawHttp(port)) {
      return client.send(head + "\r\n" + body).read();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    gateway.close();
  }
}
