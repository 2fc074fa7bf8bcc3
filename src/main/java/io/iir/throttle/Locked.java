package io.iir.throttle;

import java.util.ArrayList;
import java.util.List;

/** The locks of several subjects' states, held together until it is closed. */
record Locked(List<SubjectState> states) implements AutoCloseable {

  /** Locks the states of all holds, in the order that everyone keeps to. */
  static Locked of(List<Hold> some, List<Hold> others) {
    List<SubjectState> states = new ArrayList<>(some.size() + others.size());
    some.forEach(hold -> states.add(hold.state));
    others.forEach(hold -> states.add(hold.state));
    states.sort(SubjectState.ORDER);
    states.forEach(state -> state.lock.lock());
    return new Locked(states);
  }

  /** Whether one of them is no longer the one that others use. */
  boolean isOutdated() {
    for (SubjectState state : states) {
      if (state.dropped) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    states.forEach(state -> state.lock.unlock());
  }
}
