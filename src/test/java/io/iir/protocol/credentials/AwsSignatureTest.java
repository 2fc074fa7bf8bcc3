package io.iir.protocol.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.backend.Origin;
import io.iir.backend.UpstreamException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class AwsSignatureTest {

  private static final String PATH = "/model/us.anthropic.claude-v2%3A0/converse";
  private static final Origin ORIGIN =
      new Origin(true, "bedrock-runtime.eu-west-1.amazonaws.com", 443);
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final AtomicInteger lookUps = new AtomicInteger();
  private final AwsCredentialsProvider provider =
      () -> {
        lookUps.incrementAndGet();
        return AwsSessionCredentials.create("AKIDEXAMPLE", "the-secret", "the-session");
      };
  private final AwsSignature signature =
      new AwsSignature("eu-west-1", provider, InstantSource.fixed(NOW));

  private HttpHeaders signed(byte[] body) throws Exception {
    HttpHeaders headers = new DefaultHttpHeaders();
    headers.set("content-type", "application/json");
    CompletableFuture<Void> later = signature.put(headers, ORIGIN, PATH, body);
    if (later != null) {
      later.get(30, TimeUnit.SECONDS);
    }
    return headers;
  }

  /** Worked out step by step as AWS documents it. */
  @Test
  void theSignatureIsTheOneThatAwsDocuments() throws Exception {
    byte[] body = "{\"messages\":[]}".getBytes(UTF_8);
    HttpHeaders headers = signed(body);

    String hash = hex(MessageDigest.getInstance("SHA-256").digest(body));
    String names = "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token";
    String canonical =
        String.join(
            "\n",
            "POST",
            "/model/us.anthropic.claude-v2%253A0/converse",
            "",
            "content-type:application/json",
            "host:bedrock-runtime.eu-west-1.amazonaws.com",
            "x-amz-content-sha256:" + hash,
            "x-amz-date:20260102T030405Z",
            "x-amz-security-token:the-session",
            "",
            names,
            hash);
    String scope = "20260102/eu-west-1/bedrock/aws4_request";
    String toSign =
        String.join(
            "\n",
            "AWS4-HMAC-SHA256",
            "20260102T030405Z",
            scope,
            hex(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(UTF_8))));
    byte[] key = hmac("AWS4the-secret".getBytes(UTF_8), "20260102");
    for (String part : new String[] {"eu-west-1", "bedrock", "aws4_request"}) {
      key = hmac(key, part);
    }
    assertThat(headers.get("authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/%s, SignedHeaders=%s, Signature=%s"
                .formatted(scope, names, hex(hmac(key, toSign))));
    assertThat(headers.get("x-amz-date")).isEqualTo("20260102T030405Z");
    assertThat(headers.get("x-amz-security-token")).isEqualTo("the-session");
    assertThat(signature.toString()).doesNotContain("secret");
  }

  @Test
  void credentialsAreLookedUpOnceAndThenSignAtOnce() throws Exception {
    signed(new byte[0]);
    assertThat(signature.put(new DefaultHttpHeaders(), ORIGIN, PATH, new byte[0])).isNull();
    assertThat(signed(new byte[1 << 20]).get("authorization")).isNotNull();
    assertThat(lookUps).hasValue(1);
  }

  @Test
  void whoHasNoneIsToldSo() {
    AwsSignature none =
        new AwsSignature(
            "eu-west-1",
            () -> {
              throw new IllegalStateException("profile with secret-x is broken");
            },
            InstantSource.fixed(NOW));
    CompletableFuture<Void> later =
        Objects.requireNonNull(none.put(new DefaultHttpHeaders(), ORIGIN, PATH, new byte[0]));
    assertThatThrownBy(() -> later.get(30, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(UpstreamException.class)
        .hasMessage("finds no AWS credentials: see the gateway's log");
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
