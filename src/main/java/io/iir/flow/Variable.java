package io.iir.flow;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One variable of an exchange: the only way in which steps hand something to each other.
 *
 * @param name the name under which rules and Hawtio see it
 * @param type what it holds
 * @param setBy the step that sets it
 * @param readBy the steps that read it
 */
public record Variable<T>(String name, Class<T> type, String setBy, String readBy) {

  /** The value, or null where the step that sets it has not run. */
  public @Nullable T find(Exchange exchange) {
    return type.cast(exchange.getVariable(name));
  }

  /**
   * The value.
   *
   * @throws IllegalStateException if the step that sets it has not run: the entry lists its steps
   *     in the wrong order
   */
  public T get(Exchange exchange) {
    T value = find(exchange);
    if (value == null) {
      throw new IllegalStateException(
          "variable '%s' is not set: does the entry call %s first?".formatted(name, setBy));
    }
    return value;
  }

  /** Sets the value for this exchange. */
  public void set(Exchange exchange, T value) {
    exchange.setVariable(name, value);
  }
}
