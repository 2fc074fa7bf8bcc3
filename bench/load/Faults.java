import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Two providers, one of which does what the header {@code X-Title} of a request names, and the
 * clients that ask for it. Prints what they got and how soon.
 *
 * <p>Arguments: URL KEY PORT-OF-THE-FAULTY PORT-OF-THE-HEALTHY REQUESTS.
 */
final class Faults {

  private static final List<String> FAULTS =
      List.of(
          "refuses",
          "resets",
          "hangs before its head",
          "hangs midway",
          "429, Retry-After: 1",
          "429, Retry-After: 60",
          "500 half of the time",
          "500 always",
          "broken JSON",
          "broken SSE",
          "100 MB",
          "slow loris");

  private static final String ANSWER =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
          + "\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}";
  private static final String CHUNK =
      "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
          + "[{\"index\":0,\"delta\":{\"content\":\"%s\"},\"finish_reason\":null}]}";
  private static final String LAST =
      "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
          + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}";
  private static final Pattern SAID = Pattern.compile("\"content\":\"([^\"]+)\"");
  private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z_]+)\"");

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
  private final LongAdder upstreamCalls = new LongAdder();
  private final URI url;
  private final String key;

  private Faults(URI url, String key) {
    this.url = url;
    this.key = key;
  }

  public static void main(String[] args) throws Exception {
    Faults faults = new Faults(URI.create(args[0] + "/v1/chat/completions"), args[1]);
    faults.serve(Integer.parseInt(args[2]), "first");
    faults.serve(Integer.parseInt(args[3]), "second");
    faults.ask("auto", "none", false);
    System.out.println(
        "| the provider | one target, whole | one target, stream | two targets, whole | two"
            + " targets, stream |");
    System.out.println("|---|---|---|---|---|");
    for (String fault : FAULTS) {
      boolean refuses = fault.equals("refuses");
      StringBuilder row = new StringBuilder("| " + fault);
      for (String model :
          List.of(refuses ? "closed/m" : "bench/m", refuses ? "auto/quality" : "auto")) {
        for (boolean stream : new boolean[] {false, true}) {
          faults.asked.clear();
          row.append(" | ").append(faults.ask(model, fault, stream));
          faults.recover();
        }
      }
      System.out.println(row.append(" |"));
    }
    System.out.println();
    int requests = Integer.parseInt(args[4]);
    faults.many("one fails 30% at random, the other is healthy", "30%", requests);
    faults.many("then both fail always", "both", requests);
    faults.many("and go on failing", "both", requests);
    System.exit(0);
  }

  /** So that no model is left out because of what it did before. */
  private void recover() throws Exception {
    for (int i = 0; i < 3; i++) {
      ask("bench/m", "none", false);
    }
  }

  // ---- the clients

  private HttpRequest request(String model, String fault, boolean stream) {
    return HttpRequest.newBuilder(url)
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .header("Cache-Control", "no-store")
        .header("X-Title", fault)
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"%s\",\"stream\":%b,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                    .formatted(model, stream)))
        .build();
  }

  private String ask(String model, String fault, boolean stream) throws Exception {
    long start = System.nanoTime();
    HttpResponse<String> answer =
        http.send(request(model, fault, stream), HttpResponse.BodyHandlers.ofString());
    long millis = (System.nanoTime() - start) / 1_000_000;
    Matcher code = CODE.matcher(answer.body());
    Matcher said = SAID.matcher(answer.body());
    String got = said.find() ? "'" + said.group(1) + "'" : "";
    got += code.find() ? (got.isEmpty() ? "" : ", then ") + code.group(1) : "";
    return "%d %s, %d ms".formatted(answer.statusCode(), got, millis);
  }

  private void many(String what, String fault, int requests) throws Exception {
    upstreamCalls.reset();
    AtomicInteger left = new AtomicInteger(requests);
    AtomicInteger good = new AtomicInteger();
    long start = System.nanoTime();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 32; i++) {
        clients.submit(() -> {
          while (left.getAndDecrement() > 0) {
            if (http.send(request("auto", fault, false), HttpResponse.BodyHandlers.ofString())
                    .statusCode()
                == 200) {
              good.incrementAndGet();
            }
          }
          return null;
        });
      }
    }
    System.out.printf(
        Locale.ROOT,
        "- %s: %d requests in %.0f s, %.2f%% answered, %.3f upstream calls a request%n",
        what,
        requests,
        (System.nanoTime() - start) / 1e9,
        100.0 * good.get() / requests,
        upstreamCalls.sum() / (double) requests);
  }

  // ---- the providers

  private void serve(int port, String name) throws IOException {
    ServerSocket server = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> accept(server, name));
  }

  private void accept(ServerSocket server, String name) {
    while (true) {
      try {
        Socket connection = server.accept();
        connection.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> converse(connection, name));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void converse(Socket connection, String name) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      while (true) {
        String fault = "none";
        int length = 0;
        String line = line(in);
        if (line.isEmpty()) {
          return;
        }
        for (line = line(in); !line.isEmpty(); line = line(in)) {
          String lower = line.toLowerCase(Locale.ROOT);
          fault = lower.startsWith("x-title:") ? line.substring(8).strip() : fault;
          length =
              lower.startsWith("content-length:")
                  ? Integer.parseInt(line.substring(15).strip())
                  : length;
        }
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        upstreamCalls.increment();
        boolean faulty = name.equals("first") || fault.equals("both");
        answer(connection, faulty ? fault : "none", body.contains("\"stream\":true"), name);
      }
    } catch (Exception e) {
      // the fault or the gateway closed the connection
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private void answer(Socket to, String fault, boolean stream, String name) throws Exception {
    int number = asked.computeIfAbsent(fault, any -> new AtomicInteger()).incrementAndGet();
    OutputStream out = to.getOutputStream();
    switch (fault) {
      case "resets" -> {
        to.setOption(StandardSocketOptions.SO_LINGER, 0);
        to.close();
      }
      case "hangs before its head" -> to.getInputStream().read();
      case "hangs midway" -> {
        write(
            out,
            stream
                ? head("text/event-stream", -1) + event(CHUNK.formatted("half"))
                : head("application/json", 500) + "{");
        to.getInputStream().read();
      }
      case "429, Retry-After: 1" -> error(out, number > 1 ? 0 : 429, "Retry-After: 1\r\n", stream);
      case "429, Retry-After: 60" -> error(out, 429, "Retry-After: 60\r\n", stream);
      case "500 half of the time" -> error(out, number % 2 == 1 ? 500 : 0, "", stream);
      case "500 always", "both" -> error(out, 500, "", stream);
      case "30%" -> error(out, ThreadLocalRandom.current().nextInt(10) < 3 ? 503 : 0, "", stream);
      case "broken JSON" -> write(out, head("application/json", 9) + "{\"choices");
      case "broken SSE" -> {
        write(out, head("text/event-stream", -1) + event("{\"choices\":[{"));
        to.close();
      }
      case "100 MB" -> {
        write(out, head(stream ? "text/event-stream" : "application/json", -1));
        String blanks = chunk(" ".repeat(1 << 20));
        for (int i = 0; i < 100; i++) {
          write(out, blanks);
        }
      }
      case "slow loris" -> {
        write(out, head(stream ? "text/event-stream" : "application/json", -1));
        for (int i = 0; i < 100; i++) {
          write(out, chunk(" "));
          Thread.sleep(200);
        }
      }
      default -> good(out, stream, name);
    }
  }

  private static void error(OutputStream out, int status, String headers, boolean stream)
      throws IOException {
    if (status == 0) {
      good(out, stream, "first");
    } else {
      write(
          out,
          "HTTP/1.1 %d No\r\n%sContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
              .formatted(status, headers));
    }
  }

  private static void good(OutputStream out, boolean stream, String text) throws IOException {
    String whole = ANSWER.formatted(text);
    write(
        out,
        stream
            ? head("text/event-stream", -1)
                + event(CHUNK.formatted(text))
                + event(LAST)
                + event("[DONE]")
                + "0\r\n\r\n"
            : head("application/json", whole.length()) + whole);
  }

  private static String head(String type, int length) {
    return "HTTP/1.1 200 OK\r\nContent-Type: %s\r\n%s\r\n\r\n"
        .formatted(type, length < 0 ? "Transfer-Encoding: chunked" : "Content-Length: " + length);
  }

  private static String event(String data) {
    return chunk("data: " + data + "\n\n");
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
