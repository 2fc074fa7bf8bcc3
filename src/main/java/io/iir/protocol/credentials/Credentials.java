package io.iir.protocol.credentials;

import io.iir.backend.Origin;
import io.iir.config.Secret;
import io.iir.provider.Access;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What a provider knows the gateway by. One a key, or one for all that the machine has. */
public interface Credentials {

  /** None: the provider asks nobody who calls. */
  Credentials NONE = (headers, origin, path, body) -> null;

  /**
   * Puts on {@code headers} of a POST what says who calls. Never waits; thread-safe.
   *
   * @param headers all that is sent but Host and Content-Length
   * @param origin where it goes
   * @param path path and query as they go over the wire
   * @param body what is sent
   * @return null: it is done. Else it is done, on any thread, when this is; fails with an {@link
   *     io.iir.backend.UpstreamException} if there are no credentials
   */
  @Nullable CompletableFuture<Void> put(
      HttpHeaders headers, Origin origin, String path, byte[] body);

  /**
   * Those for calls that {@code access} describes.
   *
   * @param key the provider's; null: there is none
   */
  static Credentials of(Access access, @Nullable Secret key) {
    if (key != null && !key.isEmpty()) {
      return KeyHeader.of(access.form().withKey(), key);
    }
    return switch (access.form()) {
      case AWS -> AwsSignature.ambient(access.region());
      case GOOGLE -> GoogleToken.ambient();
      case BEARER, API_KEY, X_API_KEY, X_GOOG_API_KEY -> NONE;
    };
  }
}
