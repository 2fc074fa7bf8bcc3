package io.iir.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** A collector of traces that speaks OTLP over HTTP, and keeps what it is sent. Close it. */
public final class Collector implements AutoCloseable {

  private final HttpServer server;
  private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
  private final List<OtlpSpan> spans = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();

  /** A collector on a free port of this machine. */
  public Collector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/traces", this::take);
    server.start();
  }

  /** What {@code OTEL_EXPORTER_OTLP_ENDPOINT} is to be. */
  public String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The settings that have a gateway send its spans here, soon. */
  public String[] settings() {
    return new String[] {"otel.exporter.otlp.endpoint=" + endpoint(), "otel.bsp.schedule.delay=20"};
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
          body = plain.readAllBytes();
        }
      }
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      authorizations.add(String.valueOf(authorization));
      bodies.add(body);
      spans.addAll(OtlpSpan.readAll(body));
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, -1);
    }
  }

  /** All spans so far. */
  public List<OtlpSpan> spans() {
    return spans;
  }

  /** Those of the trace with this id, in the order of their beginnings. */
  public List<OtlpSpan> trace(String traceId) {
    return spans.stream()
        .filter(span -> span.traceId().equals(traceId))
        .sorted((a, b) -> Long.compare(a.start(), b.start()))
        .toList();
  }

  /** What was sent as Authorization, once for each message. */
  public List<String> authorizations() {
    return authorizations;
  }

  /** Every byte that came, as Latin-1. */
  public String text() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    bodies.forEach(all::writeBytes);
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
