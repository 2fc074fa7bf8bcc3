package io.iir.flow.engine;

import org.jspecify.annotations.Nullable;

/**
 * The calls of one event loop that have not ended, in a list that runs through the calls
 * themselves: to be in it costs a call nothing. Confined to the loop.
 */
final class OpenCalls {

  private @Nullable ServerCall first;

  void add(ServerCall call) {
    ServerCall second = first;
    call.next = second;
    if (second != null) {
      second.previous = call;
    }
    first = call;
  }

  void remove(ServerCall call) {
    ServerCall before = call.previous;
    ServerCall behind = call.next;
    if (before == null) {
      first = behind;
    } else {
      before.next = behind;
    }
    if (behind != null) {
      behind.previous = before;
    }
    call.previous = null;
    call.next = null;
  }

  /** Ends all of them: the gateway has no more time. */
  void stop() {
    ServerCall call = first;
    while (call != null) {
      ServerCall behind = call.next; // stopping may take the call out, but no other
      call.stop();
      call = behind;
    }
  }
}
