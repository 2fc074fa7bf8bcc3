package io.iir.flow;

import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one exchange know that rules may not see, in the slots that {@link Variables}
 * gives out. It is one variable of the exchange, {@value #NAME}. Used by one exchange, one thread
 * at a time.
 */
final class FlowState {

  /** The variable that holds it. */
  static final String NAME = "flow";

  private final @Nullable Object[] slots;

  private FlowState(@Nullable Object[] slots) {
    this.slots = slots;
  }

  static @Nullable Object get(Exchange exchange, int slot) {
    return exchange.getVariables().get(NAME) instanceof FlowState state ? state.slots[slot] : null;
  }

  static void set(Exchange exchange, int slot, @Nullable Object value) {
    Map<String, Object> variables = exchange.getVariables();
    FlowState state = (FlowState) variables.get(NAME);
    if (state == null) {
      state = new FlowState(new Object[Variables.slots()]);
      variables.put(NAME, state);
    }
    state.slots[slot] = value;
  }

  /** Gives an exchange that was copied a state of its own, which it would else share. */
  static void fork(Exchange copy) {
    if (copy.getVariables().get(NAME) instanceof FlowState shared) {
      copy.getVariables().put(NAME, new FlowState(shared.slots.clone()));
    }
  }

  /** Says nothing of what it holds: a key may be among it. */
  @Override
  public String toString() {
    return "FlowState";
  }
}
