package io.iir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.config.TrustBundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Speaks with a running gateway's API as its administrator. Close it. */
final class GatewayClient implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  private final URI url;
  private final String key;
  private final HttpClient client;

  /**
   * An answer.
   *
   * @param status its status
   * @param body what it says
   */
  record Answer(int status, JsonNode body) {

    /** The code of the error that it is; "" if it is none. */
    String code() {
      return body.at("/error/code").asText();
    }

    /** The parameter that the error is about; "" if it is about none. */
    String param() {
      return Json.text(body.at("/error/param"));
    }
  }

  /**
   * Speaks with the gateway at {@code url}.
   *
   * @param key the administrator's key
   * @param trust certificates of authorities to trust besides, PEM; null: none
   */
  GatewayClient(String url, String key, byte @Nullable [] trust) {
    this.url = parse(url);
    this.key = key;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT);
    if (trust != null) {
      builder.sslContext(trusting(trust));
    }
    this.client = builder.build();
  }

  private static URI parse(String url) {
    try {
      URI parsed = new URI(url.strip().replaceAll("/+$", ""));
      String scheme = String.valueOf(parsed.getScheme()).toLowerCase(Locale.ROOT);
      if (Set.of("http", "https").contains(scheme)
          && parsed.getHost() != null
          && parsed.getRawQuery() == null
          && parsed.getRawUserInfo() == null) {
        return parsed;
      }
    } catch (URISyntaxException e) {
      throw new CliException(noUrl(url), e);
    }
    throw new CliException(noUrl(url));
  }

  private static String noUrl(String url) {
    return "--gateway '%s' is not a URL such as http://localhost:8000.".formatted(url);
  }

  private static SSLContext trusting(byte[] pem) {
    try {
      SSLContext tls = SSLContext.getInstance("TLS");
      tls.init(null, TrustBundle.of(new ByteArrayInputStream(pem)).getTrustManagers(), null);
      return tls;
    } catch (GeneralSecurityException | IOException e) {
      throw new CliException(
          "--trust is not a PEM file of certificates: %s.".formatted(e.getMessage()), e);
    }
  }

  /** What is at {@code path}. */
  Answer get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
  }

  /** What comes of sending {@code body} to {@code path}. */
  Answer post(String path, JsonNode body) {
    return send(
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  /** The body of {@code answer}, which must be a good one. */
  JsonNode good(Answer answer) {
    if (answer.status() == 200) {
      return answer.body();
    }
    throw refused(answer);
  }

  /** Why nothing can be done with {@code answer}. */
  CliException refused(Answer answer) {
    String message = answer.body().at("/error/message").asText();
    return new CliException(
        switch (answer.status()) {
          case 401 ->
              "%s does not know the key: is it this gateway's IIR_ADMIN_KEY?".formatted(url);
          case 403 -> "%s says that the key is not an administrator's.".formatted(url);
          case 400, 404 -> message;
          default -> "%s answered %d: %s".formatted(url, answer.status(), message);
        });
  }

  private Answer send(HttpRequest.Builder builder) {
    HttpRequest request = builder.timeout(ANSWER).header("Authorization", "Bearer " + key).build();
    HttpResponse<byte[]> answer;
    try {
      answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("Interrupted.", e);
    } catch (IOException e) {
      throw new CliException(why(e), e);
    }
    return read(answer, request.uri().getPath());
  }

  private String why(IOException e) {
    return switch (e) {
      case HttpConnectTimeoutException _ ->
          "%s cannot be reached within %d s.".formatted(url, CONNECT.toSeconds());
      case HttpTimeoutException _ ->
          "%s did not answer within %d s.".formatted(url, ANSWER.toSeconds());
      case ConnectException _ ->
          e.getCause() instanceof ConnectException inner
                  && inner.getCause() instanceof UnresolvedAddressException
              ? "%s: the host is unknown.".formatted(url)
              : "%s cannot be reached: is the gateway running there?".formatted(url);
      case SSLException _ ->
          "%s does not speak TLS that is trusted (%s): --trust names a PEM file of its authority."
              .formatted(url, e.getMessage());
      default -> "%s broke off: %s.".formatted(url, e.getMessage());
    };
  }

  /** Any server may be behind the URL, and a gateway of any version. */
  private Answer read(HttpResponse<byte[]> response, String path) {
    JsonNode body;
    try {
      body = Json.MAPPER.readTree(response.body());
    } catch (IOException e) {
      throw new CliException(
          "%s answered %d and no JSON: it is not a gateway.".formatted(url, response.statusCode()),
          e);
    }
    Answer answer = new Answer(response.statusCode(), body);
    boolean error = body.path("error").isObject();
    if (answer.status() != 200 && !error) {
      throw new CliException(
          "%s answered %d at %s, not as a gateway does.".formatted(url, answer.status(), path));
    }
    if (answer.status() == 405 || (answer.status() == 404 && answer.param().isEmpty())) {
      throw new CliException(
          "%s has no %s: the gateway there is of another version than this command, %s."
              .formatted(url, path, Version.text()));
    }
    return answer;
  }

  @Override
  public String toString() {
    return url.toString();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
