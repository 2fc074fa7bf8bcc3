package io.iir.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginTest {

  @ParameterizedTest
  @CsvSource({
    "http://h/v1,          false, h,     80,   h",
    "https://h/v1,         true,  h,     443,  h",
    "HTTPS://h:443,        true,  h,     443,  h",
    "http://h:443,         false, h,     443,  h:443",
    "https://h:8443/x?y=z, true,  h,     8443, h:8443",
    "http://[::1]:8080/v1, false, [::1], 8080, [::1]:8080"
  })
  void ofAUrl(String url, boolean tls, String host, int port, String authority) {
    Origin origin = Origin.of(URI.create(url));
    assertThat(origin).isEqualTo(new Origin(tls, host, port));
    assertThat(origin.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://h/", "/v1", "http:/v1", "mailto:a@b"})
  void noOrigin(String url) {
    assertThatIllegalArgumentException().isThrownBy(() -> Origin.of(URI.create(url)));
  }

  @Test
  void equalOnesShareTheirConnections() {
    assertThat(Origin.of(URI.create("http://h:80/a")))
        .isEqualTo(Origin.of(URI.create("http://h/b")));
  }
}
