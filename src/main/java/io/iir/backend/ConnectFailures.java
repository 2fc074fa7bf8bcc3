package io.iir.backend;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Says in a few words why a connection could not be made. */
final class ConnectFailures {

  private ConnectFailures() {}

  static String explain(Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException e -> "no connection in time";
      case NoRouteToHostException e -> "no route to host";
      case ConnectException e -> "connection refused";
      case UnknownHostException e -> "unknown host";
      case SSLException e -> "TLS handshake failed: " + e.getMessage();
      default -> "no connection: " + cause.getClass().getSimpleName();
    };
  }
}
