package io.iir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The gateway's entry point. */
@SpringBootApplication(proxyBeanMethods = false)
public class IirApplication {

  /** Starts the gateway and returns; it runs until it is told to stop. */
  public static void main(String[] args) {
    SpringApplication.run(IirApplication.class, args);
  }
}
