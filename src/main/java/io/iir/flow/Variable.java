package io.iir.flow;

import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One variable of an exchange: the only way in which steps hand something to each other.
 *
 * <p>What rules may ask about or set, and what administration hands from step to step, is a
 * variable of Camel's, under its name. The rest is the flow's own and lies in {@link FlowState},
 * where a rule cannot reach it and a look-up is cheap: a request makes some hundred of them.
 *
 * @param name its name; rules and Hawtio see it if it is a variable of Camel's
 * @param type what it holds
 * @param setBy the step that sets it
 * @param readBy the steps that read it
 * @param slot where {@link FlowState} keeps it; {@link #BY_NAME}: it is a variable of Camel's
 */
public record Variable<T>(String name, Class<T> type, String setBy, String readBy, int slot) {

  /** The slot of what rules see. */
  static final int BY_NAME = -1;

  /** A variable of Camel's, under its name. */
  public Variable(String name, Class<T> type, String setBy, String readBy) {
    this(name, type, setBy, readBy, BY_NAME);
  }

  /** The value, or null where the step that sets it has not run. */
  @SuppressWarnings("unchecked") // nothing but set, which takes a T, writes to a slot
  public @Nullable T find(Exchange exchange) {
    return slot == BY_NAME
        ? type.cast(exchange.getVariables().get(name))
        : (T) FlowState.get(exchange, slot);
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
    if (slot == BY_NAME) {
      exchange.getVariables().put(name, value);
    } else {
      FlowState.set(exchange, slot, value);
    }
  }

  /** Takes the value away: afterwards the variable is not set. */
  public @Nullable T remove(Exchange exchange) {
    T before = find(exchange);
    if (slot == BY_NAME) {
      exchange.getVariables().remove(name);
    } else if (before != null) {
      FlowState.set(exchange, slot, null);
    }
    return before;
  }
}
