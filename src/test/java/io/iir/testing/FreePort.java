package io.iir.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that nobody listens on, for what cannot choose one by itself or must find it closed. It is
 * none of those that the system gives to sockets that want any, so that nobody takes it meanwhile
 * by chance.
 */
public final class FreePort {

  private static final int FIRST = 20_000;
  private static final int TRIES = 1_000;

  /** Where Linux begins to give ports out, if it is not told otherwise; others begin above. */
  private static final int END = 32_768;

  private static final Set<Integer> FOUND = ConcurrentHashMap.newKeySet();

  private FreePort() {}

  /** One that is free now, and that no other call has got. */
  public static int find() {
    for (int i = 0; i < TRIES; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port) && FOUND.add(port)) {
        return port;
      }
    }
    throw new IllegalStateException(
        "%d ports between %d and %d were taken".formatted(TRIES, FIRST, END));
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
