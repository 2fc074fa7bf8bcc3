package io.iir.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {

  private static Proxies of(Map<String, String> environment) {
    return Proxies.of(environment::get);
  }

  @Test
  void eachSchemeHasItsOwn() {
    Proxies proxies =
        of(Map.of("HTTPS_PROXY", "http://secure:3128", "http_proxy", "plain.example:8080"));
    assertThat(proxies.proxyFor(true, "api.openai.com", 443)).hasToString("secure:3128");
    assertThat(proxies.proxyFor(false, "vllm.example", 80)).hasToString("plain.example:8080");
    assertThat(of(Map.of()).proxyFor(true, "api.openai.com", 443)).isNull();
    assertThat(of(Map.of("ALL_PROXY", "http://all")).proxyFor(true, "api.openai.com", 443))
        .hasToString("all:80");
  }

  @Test
  void aPasswordIsSentAndNotShown() {
    OutboundProxy proxy =
        Objects.requireNonNull(
            of(Map.of("HTTPS_PROXY", "http://me:p%40ss@proxy:1")).proxyFor(true, "h", 443));
    assertThat(proxy.authorization()).isEqualTo("Basic bWU6cEBzcw==");
    assertThat(proxy.toString()).doesNotContain("p@ss");
    assertThatThrownBy(() -> of(Map.of("HTTPS_PROXY", "socks5://me:secret@proxy:1")))
        .hasMessage(
            "environment variable HTTPS_PROXY must be the address of an HTTP proxy, such as"
                + " http://proxy.example:3128.");
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com, true",
    "example.com, true",
    "badexample.com, false",
    "intern.corp, true",
    "a.intern.corp, true",
    "10.0.0.7, true",
    "10.0.0.8, false",
    "localhost, true",
    "127.0.0.1, true",
    "[::1], true"
  })
  void someAreCalledWithout(String host, boolean direct) {
    Proxies proxies =
        of(
            Map.of(
                "HTTPS_PROXY", "http://proxy:1",
                "NO_PROXY", "Example.com, .intern.corp,intern.corp 10.0.0.7:443"));
    assertThat(proxies.proxyFor(true, host, 443) == null).isEqualTo(direct);
  }

  @Test
  void anotherPortIsAnother() {
    Proxies proxies = of(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", "h:8443"));
    assertThat(proxies.proxyFor(true, "h", 8443)).isNull();
    assertThat(proxies.proxyFor(true, "h", 443)).isNotNull();
    assertThat(of(Map.of("HTTPS_PROXY", "http://p:1", "NO_PROXY", "*")).proxyFor(true, "h", 1))
        .isNull();
  }
}
