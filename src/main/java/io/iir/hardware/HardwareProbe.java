package io.iir.hardware;

/** Finds out what a machine is. Blocks, for some seconds at most. Thread-safe. */
public interface HardwareProbe {

  /**
   * The machine as it is now. What could not be found out is in {@link Hardware#problems()}; it
   * never fails.
   */
  Hardware detect();
}
