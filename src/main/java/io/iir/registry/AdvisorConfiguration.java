package io.iir.registry;

import io.iir.config.IirProperties;
import io.iir.config.TrustBundle;
import io.iir.provider.ProviderDirectory;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds the advisor from settings; it asks nobody before there is something to rank. */
@Configuration(proxyBeanMethods = false)
class AdvisorConfiguration {

  @Bean
  Advisor advisor(IirProperties settings, ProviderDirectory directory) {
    return new Advisor(directory, settings.registry().advisor(), () -> tls(settings));
  }

  private static SSLContext tls(IirProperties settings) {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, TrustBundle.load(settings.tls().trustPath()).getTrustManagers(), null);
      return tls;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot do TLS", e);
    }
  }
}
