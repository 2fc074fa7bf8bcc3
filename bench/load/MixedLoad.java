import io.netty.channel.epoll.EpollEventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * A day of use in minutes: whole answers, streams, streams whose client leaves, answers from the
 * cache, failures of the provider, bad requests and wrong keys, in random order. It is the {@link
 * Upstream}, too. Prints how often each kind of request ended how.
 *
 * <p>Arguments: UPSTREAM-PORT URL KEY SECONDS CLIENTS.
 */
final class MixedLoad {

  private static final int PAUSE_MILLIS = 40;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
  private final URI url;
  private final String key;

  private MixedLoad(URI url, String key) {
    this.url = url;
    this.key = key;
  }

  public static void main(String[] args) throws Exception {
    Upstream.start(new EpollEventLoopGroup(1), Integer.parseInt(args[0]));
    MixedLoad load = new MixedLoad(URI.create(args[1] + "/v1/chat/completions"), args[2]);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Integer.parseInt(args[3]));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < Integer.parseInt(args[4]); i++) {
        clients.submit(
            () -> {
              while (System.nanoTime() < end) {
                load.any();
                Thread.sleep(ThreadLocalRandom.current().nextInt(2 * PAUSE_MILLIS));
              }
              return null;
            });
      }
    }
    new TreeMap<>(load.outcomes).forEach((what, count) -> System.out.println(what + ": " + count));
    System.exit(0);
  }

  private void any() throws InterruptedException {
    int dice = ThreadLocalRandom.current().nextInt(100);
    String unique = Long.toString(ThreadLocalRandom.current().nextLong());
    if (dice < 40) {
      ask("whole", key, "whole", false, unique);
    } else if (dice < 55) {
      ask("stream", key, "stream-10-20", true, unique);
    } else if (dice < 65) {
      leave("left stream", "stream-200-20", unique);
    } else if (dice < 85) {
      ask("repeated", key, "whole", false, "the same");
    } else if (dice < 90) {
      ask("provider's 500", key, "status-500", false, unique);
    } else if (dice < 94) {
      ask("provider's 400", key, "status-400", false, unique);
    } else if (dice < 97) {
      ask("wrong key", "sk-iir-" + unique, "whole", false, unique);
    } else {
      send("bad body", key, "{\"model\":\"bench/whole\",\"messages\":[{" + unique);
    }
  }

  private void ask(String kind, String key, String model, boolean stream, String text)
      throws InterruptedException {
    send(kind, key, body(model, stream, text));
  }

  private void send(String kind, String key, String body) throws InterruptedException {
    try {
      HttpResponse<String> answer =
          client.send(request(key, body), HttpResponse.BodyHandlers.ofString());
      String cache = answer.headers().firstValue("x-iir-cache").orElse("-");
      boolean cut =
          answer.headers().firstValue("content-type").orElse("").startsWith("text/event-stream")
              && !answer.body().endsWith("data: [DONE]\n\n");
      boolean strange = answer.statusCode() >= 500 && !kind.equals("provider's 500");
      count(
          kind
              + " "
              + answer.statusCode()
              + " "
              + cache
              + (cut ? " CUT" : "")
              + (strange ? " " + answer.body() : ""));
    } catch (IOException e) {
      count(kind + " failed: " + e.getMessage());
    }
  }

  /** Leaves after the first bytes. */
  private void leave(String kind, String model, String text) throws InterruptedException {
    try {
      HttpResponse<InputStream> answer =
          client.send(
              request(key, body(model, true, text)), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream in = answer.body()) {
        in.readNBytes(600);
      }
      count(kind + " " + answer.statusCode());
    } catch (IOException e) {
      count(kind + " failed: " + e.getMessage());
    }
  }

  private void count(String what) {
    outcomes.computeIfAbsent(what, name -> new LongAdder()).increment();
  }

  private HttpRequest request(String key, String body) {
    return HttpRequest.newBuilder(url)
        .header("Content-Type", "application/json")
        .header("Authorization", "Bearer " + key)
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static String body(String model, boolean stream, String text) {
    return """
        {"model":"bench/%s","stream":%s,"messages":[{"role":"user","content":"Translate: %s"}]}"""
        .formatted(model, stream, text);
  }
}
