package io.iir.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * What a failed call tells about Redis.
 *
 * @param words what is wrong, without secrets
 */
record RedisFault(Kind kind, String words) {

  /** How far the fault goes. */
  enum Kind {
    /** Only this call failed. */
    CALL,
    /** It reads, but does not write. */
    WRITES,
    /** It reads, but does not write, for it is a replica: another may have become the master. */
    REPLICA,
    /** It does nothing now. */
    ALL,
    /** The connection is of no use: what comes over it next may be another call's answer. */
    CONNECTION
  }

  /** There is no connection any more. */
  static final RedisFault LOST = new RedisFault(Kind.CONNECTION, "the connection was lost");

  /** It says nothing, for so long that the connection may be dead. */
  static final RedisFault SILENT = new RedisFault(Kind.CONNECTION, "it says nothing");

  /** Something came that is no answer to what was asked. */
  static final RedisFault NONSENSE = new RedisFault(Kind.CONNECTION, "its answers mean nothing");

  private static final Set<String> WRITES = Set.of("OOM", "MISCONF", "NOREPLICAS", "NOPERM");
  private static final Set<String> ALL =
      Set.of("LOADING", "BUSY", "MASTERDOWN", "CLUSTERDOWN", "NOAUTH", "WRONGPASS", "DENIED");

  /** What {@code failure}, of Lettuce's, tells. */
  static RedisFault of(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof CompletionException || cause instanceof RedisConnectionException)) {
      cause = cause.getCause();
    }
    return switch (cause) {
      case RedisCommandExecutionException error -> answer(String.valueOf(error.getMessage()));
      case RedisCommandTimeoutException late -> SILENT;
      case ConnectException refused -> new RedisFault(Kind.CONNECTION, "it cannot be connected to");
      case IOException broken -> LOST;
      case RedisException other -> LOST;
      default -> NONSENSE;
    };
  }

  /**
   * What an answer that is an error tells. Its first word says which, or, if a script met it, a
   * word behind a dash.
   */
  private static RedisFault answer(String error) {
    for (String word : WRITES) {
      if (tells(error, word)) {
        return new RedisFault(
            Kind.WRITES,
            word.equals("OOM")
                ? "it refuses to write: its memory is full"
                : "it refuses to write (" + word + ")");
      }
    }
    if (tells(error, "READONLY")) {
      return new RedisFault(Kind.REPLICA, "it refuses to write (READONLY)");
    }
    for (String word : ALL) {
      if (tells(error, word)) {
        return new RedisFault(Kind.ALL, "it answers " + word);
      }
    }
    if (error.contains("max number of clients")) {
      return new RedisFault(Kind.ALL, "it has as many clients as it takes");
    }
    return new RedisFault(Kind.CALL, "it answers with an error: " + error);
  }

  private static boolean tells(String error, String word) {
    return error.startsWith(word + " ") || error.contains("-" + word + " ");
  }
}
