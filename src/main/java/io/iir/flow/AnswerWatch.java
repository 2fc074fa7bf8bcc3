package io.iir.flow;

import io.iir.usage.UsageRow;
import org.apache.camel.Exchange;

/** Is told of each request that has ended. Thread-safe, never blocks. */
interface AnswerWatch {

  /** The request of {@code exchange} has ended, as {@code row} says. */
  void ended(Exchange exchange, UsageRow row);
}
