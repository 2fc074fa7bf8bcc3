package io.iir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustBundleTest {

  @TempDir Path folder;

  private static X509Certificate[] authorities(TrustManagerFactory factory) {
    return ((X509TrustManager) factory.getTrustManagers()[0]).getAcceptedIssuers();
  }

  @Test
  void addsToWhatJavaTrusts() throws Exception {
    X509Certificate[] usual = authorities(TrustBundle.load(null));
    String pem =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(usual[0].getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    Path bundle = Files.writeString(folder.resolve("bundle.pem"), pem);
    assertThat(authorities(TrustBundle.load(bundle))).containsExactlyInAnyOrder(usual);
  }

  @Test
  void refusesWhatHoldsNone() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    assertThatThrownBy(() -> TrustBundle.load(empty))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("iir.tls.trust")
        .hasMessageContaining("it holds no certificate");
    assertThatThrownBy(() -> TrustBundle.load(folder.resolve("none.pem")))
        .isInstanceOf(StartException.class);
  }
}
