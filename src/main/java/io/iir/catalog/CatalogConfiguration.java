package io.iir.catalog;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the catalogue when the gateway starts. */
@Configuration(proxyBeanMethods = false)
class CatalogConfiguration {

  @Bean
  Catalogue catalogue() {
    return Catalogue.shipped();
  }
}
