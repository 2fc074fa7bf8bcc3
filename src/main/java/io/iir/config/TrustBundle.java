package io.iir.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The authorities that providers' certificates are checked against. */
public final class TrustBundle {

  private TrustBundle() {}

  /**
   * Those that Java trusts and, where {@code bundle} is given, those in that PEM file.
   *
   * @throws StartException if the file cannot be read or holds no certificate
   */
  public static TrustManagerFactory load(@Nullable Path bundle) {
    try {
      if (bundle == null) {
        return factory(null);
      }
      try (InputStream pem = Files.newInputStream(bundle)) {
        return of(pem);
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new StartException(
          "iir.tls.trust: '%s' is not a PEM file of certificates: %s."
              .formatted(bundle, e.getMessage()));
    }
  }

  /** Those that Java trusts and those in {@code pem}, of which there must be one. */
  public static TrustManagerFactory of(InputStream pem)
      throws GeneralSecurityException, IOException {
    List<Certificate> all = new ArrayList<>(certificates(pem));
    for (TrustManager manager : factory(null).getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        for (X509Certificate issuer : x509.getAcceptedIssuers()) {
          all.add(issuer);
        }
      }
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (int i = 0; i < all.size(); i++) {
      store.setCertificateEntry("authority-" + i, all.get(i));
    }
    return factory(store);
  }

  private static Collection<? extends Certificate> certificates(InputStream pem)
      throws GeneralSecurityException, IOException {
    var certificates = CertificateFactory.getInstance("X.509").generateCertificates(pem);
    if (certificates.isEmpty()) {
      throw new IOException("it holds no certificate");
    }
    return certificates;
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }
}
