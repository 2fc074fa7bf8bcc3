package io.iir.usage;

/** Keeps what requests used. Thread-safe; never blocks, so event loops may call it. */
public interface Ledger {

  /**
   * Keeps {@code row}: when this returns, neither the end of this process nor that of the database
   * loses it.
   */
  void append(UsageRow row);
}
