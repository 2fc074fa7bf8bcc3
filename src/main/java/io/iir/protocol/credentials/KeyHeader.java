package io.iir.protocol.credentials;

import io.iir.backend.Origin;
import io.iir.config.AuthForm;
import io.iir.config.Secret;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A key in a header. Immutable; prints as its header's name alone. */
final class KeyHeader implements Credentials {

  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");

  private final AsciiString name;
  private final String value;

  private KeyHeader(AsciiString name, String value) {
    // A key with a line break in it would end the header.
    DefaultHttpHeadersFactory.headersFactory().newHeaders().add(name, value);
    this.name = name;
    this.value = value;
  }

  static KeyHeader of(AuthForm form, Secret key) {
    return form == AuthForm.BEARER
        ? new KeyHeader(AUTHORIZATION, "Bearer " + key.value())
        : new KeyHeader(AsciiString.cached(form.word()), key.value());
  }

  @Override
  public @Nullable CompletableFuture<Void> put(
      HttpHeaders headers, Origin origin, String path, byte[] body) {
    headers.set(name, value);
    return null;
  }

  @Override
  public String toString() {
    return "KeyHeader[" + name + "]";
  }
}
