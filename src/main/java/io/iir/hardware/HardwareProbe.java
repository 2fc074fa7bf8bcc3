package io.iir.hardware;

import java.util.List;

/** Finds out what a machine is. Blocks, for some seconds at most. Thread-safe. */
public interface HardwareProbe {

  /**
   * The machine as it is now. What could not be found out is in {@link Hardware#problems()}; it
   * never fails.
   */
  Hardware detect();

  /** Its memory as it is now; how fast that is need not be known. Takes some milliseconds. */
  default Memory memory() {
    return detect().memory();
  }

  /** Its graphics processors as they are now. Takes as long as their vendors' programs. */
  default List<Gpu> gpus() {
    return detect().gpus();
  }
}
