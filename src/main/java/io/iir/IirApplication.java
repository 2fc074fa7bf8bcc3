package io.iir;

import io.iir.catalog.Catalogue;
import io.iir.cli.Cli;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The gateway's entry point. */
@SpringBootApplication(proxyBeanMethods = false)
public class IirApplication {

  private static final String LEAK_DETECTION = "io.netty.leakDetection.level";

  /**
   * Starts the gateway and returns; it runs until it is told to stop. With a command as arguments:
   * does what it says and ends with its exit status.
   */
  public static void main(String[] args) {
    if (Cli.isCommand(args)) {
      System.exit(Cli.run(args, System.in));
    }
    StopSignals.handle();
    // Netty samples buffers for leaks with a stack trace each: the tests look at every one instead.
    System.setProperty(LEAK_DETECTION, System.getProperty(LEAK_DETECTION, "disabled"));
    // Reading it takes a good part of a second, which the beans need not wait for one by one.
    Thread.ofPlatform().daemon().name("catalogue").start(Catalogue::shipped);
    SpringApplication.run(IirApplication.class, args);
  }
}
