package io.iir.transport;

import java.net.http.HttpClient;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A client of the JDK's that is made when it is first used: it sets up TLS, which takes a good part
 * of a start. Thread-safe.
 */
public final class LateHttpClient implements AutoCloseable {

  private final Supplier<HttpClient> maker;
  private @Nullable HttpClient client;

  /** One that {@code maker} makes. */
  public LateHttpClient(Supplier<HttpClient> maker) {
    this.maker = maker;
  }

  /** The client, the same each time. */
  public synchronized HttpClient get() {
    HttpClient made = client;
    if (made == null) {
      made = maker.get();
      client = made;
    }
    return made;
  }

  @Override
  public synchronized void close() {
    if (client != null) {
      client.shutdownNow();
    }
  }
}
