package io.iir.testing;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;

/** What tests do with the processes that they have started. Stateless. */
final class Processes {

  private Processes() {}

  /** Sends the signal {@code name}, such as STOP, to each of {@code pids}. */
  static void send(String name, long... pids) {
    String[] command = new String[pids.length + 2];
    command[0] = "kill";
    command[1] = "-" + name;
    for (int i = 0; i < pids.length; i++) {
      command[i + 2] = Long.toString(pids[i]);
    }
    try {
      new ProcessBuilder(command).start().onExit().join();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads what a process says, so that it never waits for that, until it ends. */
  static void drain(Reader output) {
    Thread.ofVirtual()
        .start(() -> {
          try (output) {
            output.transferTo(Writer.nullWriter());
          } catch (IOException e) {
            // It has ended.
          }
        });
  }
}
