package io.iir.backend;

import io.iir.openai.ApiException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A call to a provider that brought no answer. Carries no stack trace: it is an outcome. */
public final class UpstreamException extends IOException {

  private static final long serialVersionUID = 1;

  /** Why there is no answer. */
  public enum Kind {
    /** No connection: refused, unknown host, TLS failure, or not in time. */
    UNREACHABLE,
    /** Its server must be started first, and is not ready. */
    NOT_READY,
    /** All connections are in use and the queue for them is full. */
    BUSY,
    /** The connection broke before an answer had come. */
    RESET,
    /** A time limit passed before an answer had come. */
    TIMEOUT,
    /** What came is no HTTP answer that can be used. */
    INVALID,
    /** The request says what the provider's protocol cannot carry; it was not called. */
    UNABLE,
    /** A limit or a budget forbids the call; it was not made. */
    FORBIDDEN,
    /** The client left; nobody is to be told. */
    CLIENT_LEFT
  }

  private final Kind kind;
  private final @Nullable String retryAfter;
  private final boolean mayCost;

  /**
   * No call was made: the provider's protocol cannot carry the request, as {@code refusal} says.
   */
  public static UpstreamException unable(ApiException refusal) {
    UpstreamException failure =
        new UpstreamException(Kind.UNABLE, String.valueOf(refusal.getMessage()));
    failure.initCause(refusal);
    return failure;
  }

  /** No call was made: {@code refusal}, in the client's words {@code message}, forbids it. */
  public static UpstreamException forbidden(String message, RuntimeException refusal) {
    UpstreamException failure = new UpstreamException(Kind.FORBIDDEN, message);
    failure.initCause(refusal);
    return failure;
  }

  /** A failure of {@code kind}; {@code message} is for the client and the log. */
  public UpstreamException(Kind kind, String message) {
    this(kind, message, null);
  }

  /** A failure after which it is worth asking again in {@code retryAfter} seconds. */
  public UpstreamException(Kind kind, String message, @Nullable String retryAfter) {
    this(kind, message, retryAfter, false);
  }

  /** A failure of a call that {@link #mayCost} something. */
  public UpstreamException(Kind kind, String message, boolean mayCost) {
    this(kind, message, null, mayCost);
  }

  private UpstreamException(
      Kind kind, String message, @Nullable String retryAfter, boolean mayCost) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
    this.mayCost = mayCost;
  }

  /**
   * Whether the provider may want to be paid all the same: the request had been sent, and it had
   * not answered with an error, so what it made of it is not known.
   */
  public boolean mayCost() {
    return mayCost;
  }

  /** When to ask again, as the header {@code Retry-After} says it; null: that is not known. */
  public @Nullable String retryAfter() {
    return retryAfter;
  }

  /** Why there is no answer. */
  public Kind kind() {
    return kind;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
