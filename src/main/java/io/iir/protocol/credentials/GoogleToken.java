package io.iir.protocol.credentials;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import io.iir.backend.Origin;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth token of Google's, fetched away from the event loop, kept, and fetched anew ahead of its
 * end. Thread-safe.
 *
 * @see <a href="https://cloud.google.com/docs/authentication/application-default-credentials">How
 *     Application Default Credentials works</a>
 */
final class GoogleToken implements Credentials {

  private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

  /** How long a token is kept that does not say when it ends. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** A token, and the project that its calls are to be billed to; null: the token's own. */
  private record Pass(String token, @Nullable String quotaProject) {}

  private final Callable<GoogleCredentials> source;
  private final InstantSource clock;
  private final Renewed<Pass> pass;
  private volatile @Nullable GoogleCredentials found;

  /** Tokens of what {@code source}, which may block, finds. */
  GoogleToken(Callable<GoogleCredentials> source, InstantSource clock) {
    this.source = source;
    this.clock = clock;
    this.pass = new Renewed<>(this::fetch, clock);
  }

  /** Of Application Default Credentials. */
  static GoogleToken ambient() {
    return new GoogleToken(GoogleCredentials::getApplicationDefault, InstantSource.system());
  }

  private Renewed.Held<Pass> fetch() throws Exception {
    GoogleCredentials credentials = found;
    if (credentials == null) {
      credentials = source.call().createScoped(SCOPE);
      found = credentials;
    }
    credentials.refresh();
    AccessToken token = credentials.getAccessToken();
    if (token == null) {
      throw new IOException("there is no token");
    }
    Instant end =
        token.getExpirationTime() == null
            ? clock.instant().plus(KEPT)
            : token.getExpirationTime().toInstant();
    return new Renewed.Held<>(
        new Pass(token.getTokenValue(), credentials.getQuotaProjectId()), end);
  }

  @Override
  public @Nullable CompletableFuture<Void> put(
      HttpHeaders headers, Origin origin, String path, byte[] body) {
    Pass known = pass.now();
    if (known != null) {
      put(headers, known);
      return null;
    }
    return pass.later()
        .handle((fetched, failure) -> {
          if (failure != null) {
            throw NoCredentials.because("gets no token of Google's", failure);
          }
          put(headers, fetched);
          return null;
        });
  }

  private static void put(HttpHeaders headers, Pass pass) {
    headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + pass.token());
    if (pass.quotaProject() != null) {
      headers.set("x-goog-user-project", pass.quotaProject());
    }
  }

  @Override
  public String toString() {
    return "GoogleToken";
  }
}
