package io.iir.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.testing.Gateway;
import io.iir.testing.RawHttp;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The API's pages as bytes: what a browser is sent. */
class ApiFilesIT {

  private static RawHttp.Answer get(RawHttp client, String path, String more) throws IOException {
    return client.send("GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n".formatted(path, more)).read();
  }

  @Test
  void filesAreSentOnceAndTheFirstPageHasOneAddress() throws IOException {
    try (Gateway gateway = Gateway.start();
        RawHttp client = new RawHttp(gateway.port())) {
      RawHttp.Answer page = get(client, "/docs", "");
      assertThat(page.status()).isEqualTo(200);
      for (String file : new String[] {"/docs", "/docs/swagger-ui.css", "/docs/openapi.yaml"}) {
        RawHttp.Answer whole = get(client, file, "");
        assertThat(whole.header("Content-Length"))
            .isEqualTo(Integer.toString(whole.bytes().length));
        RawHttp.Answer same =
            get(client, file, "If-None-Match: %s\r\n".formatted(whole.header("ETag")));
        assertThat(same.status()).as(file).isEqualTo(304);
        assertThat(same.header("ETag")).isEqualTo(whole.header("ETag"));
        assertThat(same.names()).doesNotContain("content-length", "transfer-encoding");
      }
      for (String other : new String[] {"/docs/", "/docs/index.html"}) {
        RawHttp.Answer moved = get(client, other, "");
        assertThat(moved.status()).as(other).isEqualTo(308);
        assertThat(moved.header("Location")).isEqualTo("../docs");
      }
    }
  }
}
