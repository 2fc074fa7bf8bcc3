package io.iir.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iir.config.Secret;
import io.iir.config.StartException;
import io.iir.config.TrustBundle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that answer something else than Redis does. */
class NotARedisTest {

  /** Answers each command by its name, in capitals; answers the greeting as Redis does. */
  private static final class FakeServer implements AutoCloseable {

    private final ServerSocket socket;
    private volatile UnaryOperator<String> answers;

    FakeServer(UnaryOperator<String> answers) throws IOException {
      this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      this.answers = answers;
      Thread.ofVirtual().start(this::accept);
    }

    String url() {
      return "redis://127.0.0.1:" + socket.getLocalPort();
    }

    private void accept() {
      try {
        while (true) {
          Socket client = socket.accept();
          Thread.ofVirtual().start(() -> serve(client));
        }
      } catch (IOException e) {
        // closed
      }
    }

    private void serve(Socket client) {
      try (client) {
        BufferedReader in =
            new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
        OutputStream out = client.getOutputStream();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          int words = Integer.parseInt(line.substring(1));
          String name = "";
          for (int i = 0; i < words; i++) {
            in.readLine();
            String word = in.readLine();
            name = i == 0 ? word : name;
          }
          out.write(answer(name).getBytes(UTF_8));
        }
      } catch (IOException e) {
        // the client has gone
      }
    }

    private String answer(String command) {
      return switch (command) {
        case "HELLO" -> "-ERR unknown command\r\n";
        case "CLIENT" -> "+OK\r\n";
        default -> answers.apply(command);
      };
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static LettuceRedis redis(String url) {
    return new LettuceRedis(
        new RedisConnections(RedisAddress.parse(Secret.of(url)), TrustBundle.load(null)),
        Duration.ofMillis(400),
        new RedisMeters(new SimpleMeterRegistry()));
  }

  private static CompletableFuture<byte[]> get(LettuceRedis redis) {
    return redis.call(commands -> commands.get("a".getBytes(UTF_8)));
  }

  private static void awaitLeft(LettuceRedis redis) {
    await()
        .until(() -> {
          get(redis);
          return !redis.isAvailable();
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        ":1\r\n",
        "$-7\r\n",
        "%1\r\n+a\r\n",
        "-LOADING Redis is loading the dataset in memory\r\n",
        "-BUSY Redis is busy running a script\r\n"
      })
  void isLeftAloneUntilItIsOne(String nonsense) throws IOException {
    try (FakeServer server = new FakeServer(command -> nonsense);
        LettuceRedis redis = redis(server.url())) {
      awaitLeft(redis);
      assertThat(redis.problem()).isNotEmpty();
      assertThatThrownBy(get(redis)::join).hasCauseInstanceOf(RedisUnavailableException.class);
      server.answers = command -> command.equals("PING") ? "+PONG\r\n" : "$1\r\nx\r\n";
      await().ignoreExceptions().until(() -> new String(get(redis).join(), UTF_8).equals("x"));
      assertThat(redis.problem()).isEmpty();
    }
  }

  @Test
  void nobodyThereIsSaid() throws IOException {
    FakeServer server = new FakeServer(command -> "");
    server.close();
    try (LettuceRedis redis = redis(server.url())) {
      awaitLeft(redis);
      assertThat(redis.problem()).isEqualTo("it cannot be connected to");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://me:hush@host", "redis://me:hu sh@host", "redis://:hush@", "hush"})
  void aBadUrlIsRefusedWithoutShowingIt(String url) {
    assertThatThrownBy(() -> RedisAddress.parse(Secret.of(url)))
        .isInstanceOfSatisfying(
            StartException.class,
            e -> {
              assertThat(e).hasMessage("REDIS_URL (iir.redis-url) is not the URL of a Redis.");
              assertThat(e.remedy()).doesNotContain("hush");
              assertThat(e).hasNoCause();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://me:hush@host:1/2",
        "rediss://host",
        "redis-sentinel://:pw@a:1,b:2/0#master",
        "redis-socket:///run/redis.sock"
      })
  void theFormsOfLettuceAreTaken(String url) {
    assertThat(RedisAddress.parse(Secret.of(url))).isNotNull();
  }
}
