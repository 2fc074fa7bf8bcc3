package io.iir.backend;

import java.time.Duration;

/**
 * The time limits of one call. Which holds depends on how far the call is; times are {@link
 * System#nanoTime}'s. Confined to the call's event loop.
 */
final class CallClock {

  /** What is waited for. */
  enum Phase {
    /** What must be started before the call; who starts it has limits of its own. */
    OPENING,
    /** The first event of a stream, or the head of a whole answer. */
    FIRST_TOKEN,
    /** The next part of an answer that has begun. */
    NEXT_PART,
    /** The client, who reads too slowly. */
    CLIENT,
    /** The end of a connection's answer of which the client has all. */
    TAIL,
    /** Nothing any more. */
    NOTHING
  }

  /** A start takes long: its clients are told even where comments are off. */
  private static final long OPENING_COMMENTS = Duration.ofSeconds(5).toNanos();

  private static final long TAIL_NANOS = Duration.ofSeconds(2).toNanos();

  private final TimeLimits limits;
  private final boolean stream;
  private final long keepAlive;
  private long start = System.nanoTime();
  private long lastPart = start;
  private long answerDue;
  private long commentPause;
  private long commentDue;

  CallClock(UpstreamRequest request) {
    this.limits = request.limits();
    this.stream = request.stream();
    this.answerDue = start + limits.untilAnswer().toNanos();
    this.keepAlive = request.stream() ? request.keepAlive() : Long.MAX_VALUE;
    this.commentPause = keepAlive;
    this.commentDue = keepAlive == Long.MAX_VALUE ? Long.MAX_VALUE : start + keepAlive;
  }

  /** What must be started first is waited for: the client of a stream is told so. */
  void opening() {
    if (stream) {
      commentPause = Math.min(keepAlive, OPENING_COMMENTS);
      commentDue = start + commentPause;
    }
  }

  /** The call's own time begins now. */
  void opened() {
    start = System.nanoTime();
    lastPart = start;
    commentPause = keepAlive;
    commentDue = keepAlive == Long.MAX_VALUE ? Long.MAX_VALUE : start + keepAlive;
  }

  /** A part of the answer has come. */
  void partCame() {
    lastPart = System.nanoTime();
  }

  /** The client's answer has begun: it takes the time that the call has. */
  void answerBegan() {
    answerDue = Long.MAX_VALUE;
  }

  /** When the limit of {@code phase} passes; Long.MAX_VALUE: never. */
  long limit(Phase phase) {
    long total = total();
    return switch (phase) {
      case OPENING -> answerDue;
      case FIRST_TOKEN -> stream ? Math.min(total, start + limits.firstToken().toNanos()) : total;
      case NEXT_PART -> Math.min(total, lastPart + limits.betweenTokens().toNanos());
      case CLIENT -> total;
      case TAIL -> lastPart + TAIL_NANOS;
      case NOTHING -> Long.MAX_VALUE;
    };
  }

  /** When the call's own time, or before the answer that of its request, is over. */
  private long total() {
    long own = start + limits.total().toNanos();
    return answerDue == Long.MAX_VALUE || own - answerDue <= 0 ? own : answerDue;
  }

  /** Whether the limit of {@code phase} has passed. */
  boolean passed(Phase phase) {
    long limit = limit(phase);
    return limit != Long.MAX_VALUE && limit - System.nanoTime() <= 0;
  }

  /** Which limit has passed, in words. */
  String explain(Phase phase) {
    if (System.nanoTime() - total() >= 0) {
      return total() == answerDue
          ? "no answer within the " + limits.untilAnswer().toMillis() + " ms left for it"
          : "no whole answer within " + limits.total().toMillis() + " ms";
    }
    return phase == Phase.NEXT_PART
        ? "nothing more came for " + limits.betweenTokens().toMillis() + " ms"
        : "no first token within " + limits.firstToken().toMillis() + " ms";
  }

  /** When a client that waits for the first token is to be told so; Long.MAX_VALUE: never. */
  long commentDue() {
    return commentDue;
  }

  /** The client has been told. */
  void commented() {
    commentDue = System.nanoTime() + commentPause;
  }

  /** There is nothing more to tell. */
  void stopComments() {
    commentDue = Long.MAX_VALUE;
  }
}
