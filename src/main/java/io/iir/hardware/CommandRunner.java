package io.iir.hardware;

import java.util.List;

/** Runs programs that tell about the machine. Blocks, for some seconds at most. Thread-safe. */
interface CommandRunner {

  /** Runs {@code command}, a program and its arguments; no shell reads it. */
  Outcome run(List<String> command);

  /** What came of running a program. */
  sealed interface Outcome {

    /**
     * It ran to its end.
     *
     * @param exit its status; 0: it says that all went well
     * @param output what it wrote, cut where it was too long
     * @param errors what it wrote to its second output, cut likewise
     */
    record Ended(int exit, String output, String errors) implements Outcome {}

    /** There is no such program. */
    record Missing() implements Outcome {}

    /**
     * It could not be started, or did not end in time.
     *
     * @param why the end of a sentence that begins with the program's name
     */
    record Broken(String why) implements Outcome {}
  }
}
