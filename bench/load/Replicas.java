import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Fires chat requests through a balancer at two gateways; revokes a key and looks when each of them
 * refuses it; kills one with SIGKILL; and prints what became of the requests.
 *
 * <p>Arguments: BALANCER FIRST SECOND PID-OF-SECOND ADMIN-KEY KEY SECONDS CLIENTS.
 */
final class Replicas {

  private static final String BODY =
      """
      {"model":"bench/m","messages":[{"role":"user","content":"What does the quick brown fox do?"}]}\
      """;

  /** How long connections that stand may take to be seen broken. */
  private static final long JUST_AFTER = TimeUnit.MILLISECONDS.toNanos(50);

  /** How soon a revoked key must be refused everywhere. */
  private static final long SECOND_MILLIS = 1_000;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String adminKey;

  private Replicas(String adminKey) {
    this.adminKey = adminKey;
  }

  /** One request: when it was sent, in nanoseconds, and what became of it; 0: no answer. */
  private record Outcome(long sent, long ended, int status) {

    boolean failed() {
      return status != 200;
    }
  }

  public static void main(String[] args) throws Exception {
    URI balancer = URI.create(args[0]);
    URI first = URI.create(args[1]);
    URI second = URI.create(args[2]);
    ProcessHandle victim = ProcessHandle.of(Long.parseLong(args[3])).orElseThrow();
    Replicas run = new Replicas(args[4]);
    long third = TimeUnit.SECONDS.toNanos(Long.parseLong(args[6])) / 3;
    int clients = Integer.parseInt(args[7]);

    long start = System.nanoTime();
    List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                while (System.nanoTime() - start < 3 * third) {
                  outcomes.add(run.send(balancer, args[5]));
                }
              }));
    }
    LockSupport.parkNanos(third);
    long[] revoked = run.revoke(first, second);
    while (System.nanoTime() - start < 2 * third) {
      LockSupport.parkNanos(1_000_000);
    }
    long killed = System.nanoTime();
    victim.destroyForcibly();
    for (Thread thread : threads) {
      thread.join();
    }
    print(outcomes, killed, revoked);
  }

  private static void print(List<Outcome> outcomes, long killed, long[] revoked) {
    List<Outcome> failed = outcomes.stream().filter(Outcome::failed).toList();
    long inFlight =
        failed.stream()
            .filter(each -> each.sent() <= killed + JUST_AFTER && each.ended() >= killed)
            .count();
    long after = outcomes.stream().filter(each -> each.sent() > killed + JUST_AFTER).count();
    System.out.println("\n| what | |");
    System.out.println("|---|---|");
    row("requests", Long.toString(outcomes.size()));
    row("of them sent after one gateway was killed", Long.toString(after));
    row("failed: in flight on the killed gateway", Long.toString(inFlight));
    row("failed otherwise", Long.toString(failed.size() - inFlight));
    row("statuses of what failed", failed.stream().map(Outcome::status).distinct().toList() + "");
    row("a revoked key is refused by the first gateway after", revoked[0] + " ms");
    row("and by the second after", revoked[1] + " ms");
    row("the revocation itself is answered after", revoked[2] + " ms");
    if (failed.size() > inFlight || Math.max(revoked[0], revoked[1]) > SECOND_MILLIS) {
      System.exit(1);
    }
  }

  private static void row(String what, String value) {
    System.out.printf("| %s | %s |%n", what, value);
  }

  private Outcome send(URI gateway, String key) {
    long sent = System.nanoTime();
    int status = 0;
    try {
      status = chat(gateway, key).statusCode();
    } catch (IOException e) {
      // no answer
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Outcome(sent, System.nanoTime(), status);
  }

  private HttpResponse<String> chat(URI gateway, String key)
      throws IOException, InterruptedException {
    return client.send(
        request(gateway, "/v1/chat/completions", key)
            .header("Content-Type", "application/json")
            .header("Cache-Control", "no-store")
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(URI gateway, String path, String key) {
    return HttpRequest.newBuilder(gateway.resolve(path)).header("Authorization", "Bearer " + key);
  }

  /**
   * Revokes a key at the first; returns after how many milliseconds each refuses it, and the
   * revocation itself is answered, all since it was sent.
   */
  private long[] revoke(URI first, URI second) throws IOException, InterruptedException {
    String made =
        client
            .send(
                request(first, "/api/v1/apikeys", adminKey)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"revoked\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    String id = between(made, "\"id\":\"");
    String key = between(made, "\"key\":\"");
    for (URI each : List.of(first, second)) {
      if (chat(each, key).statusCode() != 200) {
        throw new IllegalStateException("the new key is not known at " + each);
      }
    }
    AtomicLong since = new AtomicLong();
    List<CompletableFuture<Long>> refused = new ArrayList<>();
    for (URI each : List.of(first, second)) {
      refused.add(CompletableFuture.supplyAsync(() -> refusal(each, key, since)));
    }
    since.set(System.nanoTime());
    client.send(
        request(first, "/api/v1/apikeys/" + id, adminKey).DELETE().build(),
        HttpResponse.BodyHandlers.ofString());
    long answered = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since.get());
    return new long[] {refused.get(0).join(), refused.get(1).join(), answered};
  }

  private long refusal(URI gateway, String key, AtomicLong since) {
    while (send(gateway, key).status() != 401) {
      Thread.onSpinWait();
    }
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since.get());
  }

  private static String between(String text, String before) {
    int start = text.indexOf(before) + before.length();
    return text.substring(start, text.indexOf('"', start));
  }
}
