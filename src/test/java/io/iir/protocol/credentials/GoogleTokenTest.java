package io.iir.protocol.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.sun.net.httpserver.HttpServer;
import io.iir.backend.Origin;
import io.iir.backend.UpstreamException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GoogleTokenTest {

  private static final Origin ORIGIN = new Origin(true, "aiplatform.googleapis.com", 443);

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());

  @SuppressWarnings("NullAway.Init") // set before each
  private HttpServer server;

  private volatile int status = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/token",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] body =
              (status == 200
                      ? "{\"access_token\":\"token-%d\",\"expires_in\":3600,\"token_type\":\"Bearer\"}"
                          .formatted(asked.size())
                      : "{\"error\":\"invalid_grant\"}")
                  .getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** A service account's file, as Google hands it out. */
  private String file() throws Exception {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    String key =
        Base64.getMimeEncoder(64, "\n".getBytes(UTF_8))
            .encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
    return """
    {"type":"service_account","project_id":"p","private_key_id":"1","client_id":"1",
     "quota_project_id":"billed","client_email":"iir@p.iam.gserviceaccount.com",
     "private_key":"-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
     "token_uri":"http://127.0.0.1:%d/token"}\
    """
        .formatted(key.replace("\n", "\\n"), server.getAddress().getPort());
  }

  private GoogleToken token() throws Exception {
    byte[] file = file().getBytes(UTF_8);
    InstantSource clock = () -> now.get();
    return new GoogleToken(
        () -> GoogleCredentials.fromStream(new ByteArrayInputStream(file)), clock);
  }

  private static HttpHeaders put(GoogleToken token) throws Exception {
    HttpHeaders headers = new DefaultHttpHeaders();
    CompletableFuture<Void> later = token.put(headers, ORIGIN, "/v1/x", new byte[0]);
    if (later != null) {
      later.get(30, TimeUnit.SECONDS);
    }
    return headers;
  }

  @Test
  void aTokenIsFetchedOnceAndSent() throws Exception {
    GoogleToken token = token();
    HttpHeaders headers = put(token);
    assertThat(headers.get("authorization")).isEqualTo("Bearer token-1");
    assertThat(headers.get("x-goog-user-project")).isEqualTo("billed");
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst()).contains("grant_type=urn");
    assertThat(put(token).get("authorization")).isEqualTo("Bearer token-1");
    assertThat(asked).hasSize(1);
  }

  @Test
  void aTokenIsFetchedAnewBeforeItEnds() throws Exception {
    GoogleToken token = token();
    put(token);
    now.set(now.get().plus(Duration.ofMinutes(57)));
    HttpHeaders headers = new DefaultHttpHeaders();
    assertThat(token.put(headers, ORIGIN, "/v1/x", new byte[0])).isNull();
    assertThat(headers.get("authorization")).as("the old one serves").isEqualTo("Bearer token-1");
    Awaitility.await().until(() -> asked.size() == 2);
    Awaitility.await().until(() -> "Bearer token-2".equals(put(token).get("authorization")));
  }

  @Test
  void aTokenThatHasEndedIsWaitedFor() throws Exception {
    GoogleToken token = token();
    put(token);
    now.set(now.get().plus(Duration.ofHours(2)));
    assertThat(put(token).get("authorization")).isEqualTo("Bearer token-2");
  }

  @Test
  void whoGetsNoneIsToldSo() throws Exception {
    status = 400;
    GoogleToken token = token();
    assertThatThrownBy(() -> put(token))
        .cause()
        .isInstanceOf(UpstreamException.class)
        .hasMessage("gets no token of Google's: see the gateway's log");
    status = 200;
    assertThat(put(token).get("authorization")).startsWith("Bearer token-");
  }
}
