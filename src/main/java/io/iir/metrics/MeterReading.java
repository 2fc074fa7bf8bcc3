package io.iir.metrics;

/**
 * What is to be looked at when meters are read, and only then: gauges of many things at once.
 * Thread-safe; called on a thread that may block.
 */
@FunctionalInterface
public interface MeterReading {

  /** Brings its gauges up to date. */
  void read();
}
