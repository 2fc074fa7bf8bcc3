package io.iir.hardware;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Builds what finds out about the machine; nothing is found out before someone asks. */
@Configuration(proxyBeanMethods = false)
class HardwareConfiguration {

  @Bean
  HardwareProbe hardwareProbe() {
    return new MachineProbe();
  }
}
