package io.iir.testing;

import java.io.IOException;

/** Signals to processes that tests have started. */
final class Signals {

  private Signals() {}

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
}
