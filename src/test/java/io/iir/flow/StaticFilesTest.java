package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.openai.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticFilesTest {

  private final StaticFiles files = SwaggerUi.files(Map.of("A", "b"));

  private static Exchange exchange(@Nullable String ifNoneMatch) {
    Exchange exchange = new DefaultExchange(new DefaultCamelContext());
    exchange.getMessage().setHeader("if-none-match", ifNoneMatch);
    return exchange;
  }

  private Exchange get(String name, @Nullable String ifNoneMatch) {
    Exchange exchange = exchange(ifNoneMatch);
    files.answer(exchange, name);
    return exchange;
  }

  private static int status(Exchange exchange) {
    return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
  }

  @ParameterizedTest
  @CsvSource({
    "index.html, text/html; charset=utf-8",
    "swagger-ui.css, text/css; charset=utf-8",
    "swagger-ui-bundle.js, text/javascript; charset=utf-8",
    "favicon-32x32.png, image/png"
  })
  void aFileHasItsType(String name, String type) {
    Exchange answer = get(name, null);
    assertThat(status(answer)).isEqualTo(200);
    assertThat(answer.getMessage().getHeader(Exchange.CONTENT_TYPE)).isEqualTo(type);
    assertThat(answer.getMessage().getBody(byte[].class)).isNotEmpty();
  }

  @Test
  void aFileHasTheHeadersOfAllAndItsOwnTag() {
    Map<String, String> page = Variables.ANSWER_HEADERS.get(get("index.html", null));
    Map<String, String> style = Variables.ANSWER_HEADERS.get(get("index.css", null));
    assertThat(page)
        .containsEntry("A", "b")
        .containsEntry("Cache-Control", "no-cache")
        .containsEntry("X-Content-Type-Options", "nosniff");
    assertThat(page.get("ETag")).matches("\"[0-9a-f]{32}\"").isNotEqualTo(style.get("ETag"));
  }

  @Test
  void whoHasTheFileIsNotSentItAgain() {
    String tag = Variables.ANSWER_HEADERS.get(get("index.html", null)).get("ETag");
    Exchange same = get("index.html", "W/\"other\", " + tag);
    assertThat(status(same)).isEqualTo(304);
    assertThat(same.getMessage().getBody(byte[].class)).isEmpty();
    assertThat(Variables.ANSWER_HEADERS.get(same)).containsEntry("ETag", tag);
    assertThat(status(get("index.html", "\"other\""))).isEqualTo(200);
  }

  @Test
  void aFileIsReadOnce() {
    assertThat(get("index.html", null).getMessage().getBody())
        .isSameAs(get("index.html", null).getMessage().getBody());
  }

  @Test
  void aFileWhoseNameChangesWithItIsKeptByBrowsers() {
    StaticFiles hashed =
        new StaticFiles("hawtio-static", Map.of(), Pattern.compile("favicon\\..+"));
    Exchange icon = exchange(null);
    hashed.answer(icon, "favicon.ico");
    assertThat(Variables.ANSWER_HEADERS.get(icon))
        .containsEntry("Cache-Control", "public, max-age=31536000, immutable")
        .doesNotContainKey("ETag");
    assertThat(icon.getMessage().getBody(byte[].class)).isNotEmpty();
    Exchange page = exchange(null);
    hashed.answer(page, "index.html");
    assertThat(Variables.ANSWER_HEADERS.get(page))
        .containsEntry("Cache-Control", "no-cache")
        .containsKey("ETag");
  }

  @Test
  void aSharedFolderMayBeTheClassPathsRoot() {
    Exchange exchange = exchange(null);
    new StaticFiles("", Map.of()).answer(exchange, "openapi.yaml");
    assertThat(new String(exchange.getMessage().getBody(byte[].class), StandardCharsets.UTF_8))
        .startsWith("openapi: 3.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "no.html",
        "/index.html",
        "index.html/",
        "x//index.html",
        "./index.html",
        "x/./index.html",
        "../VERSION/index.html",
        "x/../index.html",
        "..%2fVERSION/index.html",
        "%2e%2e/VERSION/index.html",
        "..\\VERSION\\index.html",
        "../../../../../openapi.yaml",
        "../../../../maven/org.webjars/swagger-ui/pom.xml",
        "index.html\0.css",
        "index.html?x",
        ".html",
        "index"
      })
  void aNameLeadsNowhereElse(String text) {
    String name = text.replace("VERSION", SwaggerUi.version());
    assertThat(files.has(name)).isFalse();
    assertThatThrownBy(() -> files.answer(exchange(null), name))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.error().status()).isEqualTo(404));
  }
}
