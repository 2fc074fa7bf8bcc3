package io.iir.flow;

import io.iir.backend.UpstreamException.Kind;
import io.iir.flow.Attempts.Failing;

/** What a call that brought no answer means for its target. Stateless. */
final class CallOutcome {

  private CallOutcome() {}

  /** How its target has failed. */
  static Failing failing(Kind kind) {
    return switch (kind) {
      case UNABLE -> Failing.UNABLE;
      case FORBIDDEN -> Failing.FORBIDDEN;
      case UNREACHABLE, NOT_READY, BUSY -> Failing.UNREACHABLE;
      case TIMEOUT -> Failing.TIMEOUT;
      case RESET, INVALID, CLIENT_LEFT -> Failing.FAILED;
    };
  }

  /** Whether another endpoint may fare better, and there is time for it. */
  static boolean concernsTheEndpoint(Kind kind) {
    return switch (kind) {
      case UNREACHABLE, RESET, INVALID, BUSY -> true;
      case TIMEOUT, NOT_READY, UNABLE, FORBIDDEN, CLIENT_LEFT -> false;
    };
  }

  /** The outcome that is counted. */
  static String word(Kind kind) {
    return switch (kind) {
      case UNABLE -> "unable";
      case FORBIDDEN -> "forbidden";
      case UNREACHABLE, NOT_READY -> "unreachable";
      case BUSY -> "busy";
      case TIMEOUT -> "timeout";
      case RESET, INVALID -> "error";
      case CLIENT_LEFT -> "client_left";
    };
  }
}
