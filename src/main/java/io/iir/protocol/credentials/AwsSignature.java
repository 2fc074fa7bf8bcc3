package io.iir.protocol.credentials;

import io.iir.backend.Origin;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * AWS's Signature Version 4 over host, date, type and body of a call, by credentials that are
 * looked up away from the event loop and kept. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">AWS Signature
 *     Version 4 for API requests</a>
 */
final class AwsSignature implements Credentials {

  private static final String SERVICE = "bedrock";

  /** How long credentials are kept that do not say when they end. */
  private static final Duration KEPT = Duration.ofMinutes(15);

  /** A longer body is not hashed on the caller's thread, which may be an event loop's. */
  private static final int SHORT = 64 << 10;

  private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

  private final String region;
  private final InstantSource clock;
  private final Renewed<AwsCredentials> credentials;

  AwsSignature(String region, AwsCredentialsProvider provider, InstantSource clock) {
    this.region = region;
    this.clock = clock;
    this.credentials = new Renewed<>(() -> resolve(provider), clock);
  }

  /** By what AWS's own tools would find: environment, profile, container, instance. */
  static AwsSignature ambient(String region) {
    return new AwsSignature(
        region, DefaultCredentialsProvider.builder().build(), InstantSource.system());
  }

  private Renewed.Held<AwsCredentials> resolve(AwsCredentialsProvider provider) {
    AwsCredentials found = provider.resolveCredentials();
    Instant kept = clock.instant().plus(KEPT);
    Instant end = found.expirationTime().filter(kept::isAfter).orElse(kept);
    return new Renewed.Held<>(found, end);
  }

  @Override
  public @Nullable CompletableFuture<Void> put(
      HttpHeaders headers, Origin origin, String path, byte[] body) {
    AwsCredentials known = credentials.now();
    if (known != null && body.length <= SHORT) {
      sign(headers, origin, path, body, known);
      return null;
    }
    CompletableFuture<AwsCredentials> found =
        known == null ? credentials.later() : CompletableFuture.completedFuture(known);
    return found.handleAsync(
        (identity, failure) -> {
          if (failure != null) {
            throw NoCredentials.because("finds no AWS credentials", failure);
          }
          sign(headers, origin, path, body, identity);
          return null;
        },
        task -> Thread.ofVirtual().name("signature").start(task));
  }

  private void sign(
      HttpHeaders headers,
      Origin origin,
      String path,
      byte[] body,
      AwsCredentialsIdentity identity) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(
                URI.create(
                    "%s://%s%s"
                        .formatted(origin.tls() ? "https" : "http", origin.authority(), path)));
    if (type != null) {
      request.putHeader("Content-Type", type);
    }
    Map<String, List<String>> signed =
        SIGNER
            .sign(call ->
                call.request(request.build())
                    .payload(() -> new ByteArrayInputStream(body))
                    .identity(identity)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(
                        AwsV4HttpSigner.SIGNING_CLOCK,
                        Clock.fixed(clock.instant(), ZoneOffset.UTC)))
            .request()
            .headers();
    signed.forEach((name, values) -> headers.set(name, values));
  }

  @Override
  public String toString() {
    return "AwsSignature[" + region + "]";
  }
}
