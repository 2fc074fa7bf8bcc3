package io.iir.backend;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLException;

/** Says in a few words why a connection could not be made. */
final class ConnectFailures {

  private ConnectFailures() {}

  static String explain(Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException e -> "no connection in time";
      case ClosedChannelException e -> "it closed the connection at once";
      case ProxyConnectException e -> "the proxy made no connection: " + proxyMessage(e);
      case NoRouteToHostException e -> "no route to host";
      case ConnectException e when isRefused(e) -> "connection refused";
      case UnknownHostException e -> "unknown host";
      case NotSslRecordException e -> "TLS handshake failed: it does not speak TLS";
      case SSLException e -> "TLS handshake failed: " + rootMessage(e);
      default -> "no connection: " + cause.getClass().getSimpleName();
    };
  }

  /** Netty's message names proxy and host before the reason. */
  private static String proxyMessage(ProxyConnectException failure) {
    String message = String.valueOf(failure.getMessage());
    int status = message.lastIndexOf("status: ");
    return status < 0 ? "no answer that can be used" : "status " + message.substring(status + 8);
  }

  /** What is behind the failure: the messages above repeat it with the names of Java's classes. */
  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null ? root.getClass().getSimpleName() : message;
  }

  private static boolean isRefused(ConnectException failure) {
    String message = failure.getMessage();
    return message != null && message.contains("refused");
  }
}
