package io.iir;

import java.lang.reflect.Constructor;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT: the first stops the gateway in an orderly way, so that the process ends with
 * status 0; a second one ends it at once, with 128 and the signal's number, as shells have it.
 *
 * <p>Java has no other way to hear of a signal than {@code sun.misc.Signal}, of the module {@code
 * jdk.unsupported}; the compiler forbids to name it, so it is looked up. Where a signal cannot be
 * handled, as under {@code -Xrs}, it does what it does without this class.
 */
final class StopSignals {

  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private StopSignals() {}

  /** From now on both are handled. */
  static void handle() {
    try {
      handle("TERM", 15);
      handle("INT", 2);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      LoggerFactory.getLogger(StopSignals.class)
          .warn("signals stop the gateway in the JVM's own way: {}", e.getMessage());
    }
  }

  private static void handle(String name, int number) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Constructor<?> named = signal.getConstructor(String.class);
    Object proxy =
        Proxy.newProxyInstance(
            StopSignals.class.getClassLoader(),
            new Class<?>[] {handler},
            (self, method, arguments) -> {
              stop(number);
              return null;
            });
    signal.getMethod("handle", signal, handler).invoke(null, named.newInstance(name), proxy);
  }

  /** Exits on a thread of its own: this one is the JVM's for signals, and hears the next. */
  private static void stop(int number) {
    if (TOLD.compareAndSet(false, true)) {
      new Thread(() -> System.exit(0), "stop").start();
    } else {
      Runtime.getRuntime().halt(128 + number);
    }
  }
}
