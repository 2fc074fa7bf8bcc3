package io.iir.management;

import io.iir.flow.StaticFiles;
import io.iir.flow.Variables;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.core.io.ClassPathResource;

/**
 * Hawtio as its pages expect it of a server: its files, its first page at each address that its
 * script makes up, and short answers to the few questions that it asks at its start. Thread-safe.
 */
final class Console implements Processor {

  private static final String ROOT = "/hawtio";
  private static final String JSON = "application/json";

  /** Also at each address that Hawtio's script makes up: they have no dots. */
  private static final String FIRST_PAGE = "index.html";

  /** Hawtio's own files whose names change with their content. */
  private static final Pattern HASHED = Pattern.compile("static/.+\\.[0-9a-f]{8,}\\..+");

  /** Styles and workers are made by Hawtio's script; all else comes from here or not at all. */
  private static final Map<String, String> GUARDS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src"
              + " 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'self';"
              + " form-action 'self'; frame-ancestors 'none'",
          "X-Frame-Options",
          "DENY",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin");

  /**
   * What Hawtio asks at its start. It has no login of its own here, keeps no session, adds no
   * plugins, and connects to no other process. {@code jolokia} is where it looks for JMX first: the
   * empty answer sends it on to {@code /jolokia}.
   */
  private static final Map<String, String> ANSWERS =
      Map.ofEntries(
          Map.entry("user", "\"operator\""),
          Map.entry("plugin", "[]"),
          Map.entry("jolokia", "{}"),
          Map.entry("refresh", "{}"),
          Map.entry("proxy/enabled", "false"),
          Map.entry("keycloak/enabled", "false"),
          Map.entry("auth/config", "[]"),
          Map.entry("auth/config/login", "[]"),
          Map.entry("auth/config/oidc", "[]"),
          Map.entry("auth/config/session-timeout", "{\"timeout\":-1}"),
          Map.entry("preset-connections", "[]"));

  private final StaticFiles pages = new StaticFiles("hawtio-static", GUARDS, HASHED);
  private final byte[] settings;

  Console() {
    try {
      settings = new ClassPathResource("management/hawtconfig.json").getContentAsByteArray();
    } catch (IOException e) {
      throw new IllegalStateException("the console's settings are not in the program", e);
    }
  }

  /** Sends the browser to Hawtio's first page. */
  static void lead(Exchange exchange) {
    answer(exchange, "text/plain", new byte[0], Map.of("Location", ROOT + "/"));
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 302);
  }

  /** The headers of answers that hold no page. */
  static void answer(Exchange exchange, String type, byte[] body, Map<String, String> more) {
    Map<String, String> headers = new HashMap<>(GUARDS);
    headers.put("Cache-Control", "no-store");
    headers.putAll(more);
    Variables.ANSWER_HEADERS.set(exchange, headers);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
    exchange.getMessage().setBody(body);
  }

  @Override
  public void process(Exchange exchange) {
    String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, "", String.class);
    String name = path.substring(ROOT.length());
    if (name.isEmpty() || name.equals("/auth/logout")) {
      lead(exchange);
    } else if (!name.startsWith("/")) {
      throw missing(path);
    } else {
      show(exchange, name.substring(1));
    }
  }

  private void show(Exchange exchange, String name) {
    String answer = ANSWERS.get(name);
    if (answer != null) {
      answer(exchange, JSON, answer.getBytes(StandardCharsets.UTF_8), Map.of());
    } else if (name.equals("hawtconfig.json")) {
      answer(exchange, JSON, settings, Map.of());
    } else {
      pages.answer(exchange, name.contains(".") ? name : FIRST_PAGE);
    }
  }

  private static ApiException missing(String path) {
    return new ApiException(
        ApiError.invalid(
            404,
            "not_found",
            "there is nothing at %s; Hawtio is at /hawtio/".formatted(path),
            null));
  }
}
