import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends chat requests to two gateways at a steady rate while their Redis is killed, started anew,
 * paused and filled, and prints what became of them. A request's latency counts from when it was
 * due. Times are looked at in windows of half a second from the moment at which a fault begins or
 * ends; p99 is normal again with the first two windows in a row that are no worse than the worst
 * before the fault.
 *
 * <p>Arguments: FIRST SECOND KEY RATE SECONDS REDIS-PORT REDIS-PID REDIS-COMMAND….
 */
final class RedisFaults {

  private static final String BODY =
      """
      {"model":"bench/m","messages":[{"role":"user","content":"What does the quick brown fox do?"}]}\
      """;
  private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int BEFORE = 10;
  private static final int SHOWN = 5;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI[] gateways;
  private final String key;
  private final long interval;
  private final int port;
  private final List<String> command;
  private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private ProcessHandle redis;
  private volatile boolean over;

  private RedisFaults(String[] args) {
    gateways = new URI[] {URI.create(args[0]), URI.create(args[1])};
    key = args[2];
    interval = TimeUnit.SECONDS.toNanos(1) / Long.parseLong(args[3]);
    port = Integer.parseInt(args[5]);
    redis = ProcessHandle.of(Long.parseLong(args[6])).orElseThrow();
    command = List.of(args).subList(7, args.length);
  }

  /** One request: when it was due, how long it took from then, and its status; 0: no answer. */
  private record Outcome(long due, long nanos, int status) {}

  /** Something that is done to Redis. */
  private interface Deed {
    void run() throws Exception;
  }

  /** What is done to Redis, and how it is undone. */
  private record Fault(String name, Deed begin, Deed end) {}

  public static void main(String[] args) throws Exception {
    RedisFaults run = new RedisFaults(args);
    Thread load = Thread.ofPlatform().start(run::load);
    try {
      run.run(TimeUnit.SECONDS.toNanos(Long.parseLong(args[4])));
    } finally {
      run.over = true;
      load.join();
      run.redis.destroyForcibly();
    }
  }

  private void run(long length) throws Exception {
    List<Fault> faults =
        List.of(
            new Fault("none", () -> {}, () -> {}),
            new Fault("killed, then empty", this::kill, this::start),
            new Fault("started anew at once", this::startAnew, () -> {}),
            new Fault("paused (SIGSTOP)", () -> signal("STOP"), () -> signal("CONT")),
            new Fault("full", () -> maxMemory("1"), () -> maxMemory("0")));
    System.out.print(
        "\n| Redis | requests | 5xx or none | p99 of a window before: median, worst |");
    System.out.println(" p99 from its beginning | normal after | from its end | normal after |");
    System.out.println("|---|---|---|---|---|---|---|---|");
    park(10 * WINDOW); // the gateways warm up
    for (Fault fault : faults) {
      long start = System.nanoTime();
      park(BEFORE * WINDOW);
      long begun = System.nanoTime();
      fault.begin().run();
      park(begun + length - System.nanoTime());
      long ended = System.nanoTime();
      fault.end().run();
      park(ended + 10 * WINDOW - System.nanoTime());
      print(fault, start, begun, ended);
    }
    Map<Integer, Integer> statuses = new TreeMap<>();
    outcomes.forEach(each -> statuses.merge(each.status(), 1, Integer::sum));
    System.out.println("\nstatuses: " + statuses);
  }

  private void print(Fault fault, long start, long begun, long ended) {
    List<Outcome> mine = outcomes.stream().filter(each -> each.due() - start >= 0).toList();
    double[] before = p99(mine, start, BEFORE);
    double worst = Arrays.stream(before).max().orElseThrow();
    double median = Arrays.stream(before).sorted().toArray()[before.length / 2];
    double[] from = p99(mine, begun, (int) ((ended - begun) / WINDOW));
    double[] after = p99(mine, ended, BEFORE - 1);
    System.out.printf(
        "| %s | %d | %d | %.1f, %.1f ms | %s | %s | %s | %s |%n",
        fault.name(),
        mine.size(),
        mine.stream().filter(each -> each.status() == 0 || each.status() >= 500).count(),
        median,
        worst,
        words(from),
        normal(from, worst),
        words(after),
        normal(after, worst));
  }

  private static String words(double[] windows) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < Math.min(SHOWN, windows.length); i++) {
      words.append(i == 0 ? "" : ", ").append("%.1f".formatted(windows[i]));
    }
    return words.toString();
  }

  private static String normal(double[] windows, double worst) {
    for (int i = 0; i + 1 < windows.length; i++) {
      if (windows[i] <= worst && windows[i + 1] <= worst) {
        return "%.1f s".formatted(i * WINDOW / 1e9);
      }
    }
    return "not seen";
  }

  /** The p99 in milliseconds of each of so many windows from {@code start}. */
  private static double[] p99(List<Outcome> outcomes, long start, int windows) {
    Percentiles[] times = new Percentiles[windows];
    Arrays.setAll(times, i -> new Percentiles());
    for (Outcome each : outcomes) {
      long index = Math.floorDiv(each.due() - start, WINDOW);
      if (index >= 0 && index < windows) {
        times[(int) index].add(each.nanos());
      }
    }
    return Arrays.stream(times).mapToDouble(each -> each.millis(0.99)).toArray();
  }

  private void load() {
    long due = System.nanoTime();
    for (int i = 0; !over; i++) {
      park(due - System.nanoTime());
      send(gateways[i % gateways.length], due);
      due += interval;
    }
  }

  private void send(URI gateway, long due) {
    HttpRequest request =
        HttpRequest.newBuilder(gateway.resolve("/v1/chat/completions"))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header("Cache-Control", "no-store")
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
    client
        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
        .whenComplete((answer, failure) ->
            outcomes.add(
                new Outcome(
                    due, System.nanoTime() - due, answer == null ? 0 : answer.statusCode())));
  }

  private static void park(long nanos) {
    long until = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private void kill() throws ExecutionException, InterruptedException {
    redis.destroyForcibly();
    redis.onExit().get();
  }

  private void start() throws IOException {
    redis =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .toHandle();
  }

  private void startAnew() throws IOException, ExecutionException, InterruptedException {
    kill();
    start();
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(redis.pid())).start().waitFor();
  }

  private void maxMemory(String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String words = "CONFIG SET maxmemory " + bytes + "\r\n";
      socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      if (in.read() != '+') {
        throw new IOException("Redis refuses: " + words);
      }
    }
  }
}
