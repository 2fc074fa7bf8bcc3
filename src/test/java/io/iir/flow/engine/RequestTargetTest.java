package io.iir.flow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/v1/models", "//", "/a?b=c|d", "/a%2Fb%c3%a9", "/-._~!$&'()*+,;=:@", "/a?%"})
  void keepsAPath(String target) {
    assertThat(RequestTarget.originForm(target, "http")).isEqualTo(target);
  }

  @ParameterizedTest
  @CsvSource({
    "http://host/path, /path",
    "HTTP://host:8000/path?q=1, /path?q=1",
    "http://host, /",
    "http://host?q=1, /?q=1",
    "http://user@[::1]:80/a/b, /a/b",
  })
  void takesThePathOfAnAbsoluteTarget(String target, String path) {
    assertThat(RequestTarget.originForm(target, "http")).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "path",
        "host:443",
        "http:",
        "http://",
        "http:///path",
        "https://host/path",
        "ftp://host/path",
        "http://host/a b",
        "/a|b",
        "/a#b",
        "/a\\b",
        "/a%",
        "/a%4",
        "/a%zz",
        "/%\uff11\uff11",
        "/\u00e9",
        "/{id}",
        "/a\tb"
      })
  void isNothingElse(String target) {
    assertThat(RequestTarget.originForm(target, "http")).isNull();
  }

  @Test
  void wantsTheConnectionsOwnScheme() {
    assertThat(RequestTarget.originForm("https://host/path", "https")).isEqualTo("/path");
    assertThat(RequestTarget.originForm("http://host/path", "https")).isNull();
  }
}
