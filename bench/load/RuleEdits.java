import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests at a fixed rate while the rule file changes, every other time for the worse. Arguments:
 * gateway URL, a key with wide limits, admin key, the rule's file, edits, requests a second.
 */
public final class RuleEdits {

  /** A way to break the text, the line at which the gateway must say so, and a word it must say. */
  private record Break(String name, String find, String into, int line, String word) {}

  private static final List<Break> BREAKS =
      List.of(
          new Break("unknown step", "- setVariable: {name: reason", "- setVarable: {name: reason", 13, "setVarable"),
          new Break("quote not closed", "'auto'\"", "'auto'", 11, "YAML"),
          new Break("unknown variable", "${variable.strategy}", "${variable.strategi}", 11, "strategi"),
          new Break("half a condition", "== 'auto'", "== 'auto' &&", 11, "&&"),
          new Break("wrong endpoint", "direct:provider-choice", "direct:nowhere", 5, "direct:"),
          new Break("variable not to be set", "name: targets", "name: target", 14, "target"),
          new Break("wrong id", "id: provider-choice", "id: provider-choise", 2, "provider-choise"),
          new Break("unknown model", "constant: bench/m", "constant: q/m", 14, "q/m"),
          new Break("forbidden step", "        - choice:", "        - exec: ls\n        - choice:", 7, "exec"),
          new Break("no otherwise", "            otherwise:", "            otherwize:", 15, "otherwize"));

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String gateway;
  private final String key;
  private final String admin;
  private final Path file;
  private final Map<String, AtomicInteger> reasons = new ConcurrentHashMap<>();
  private final Queue<String> failed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger sent = new AtomicInteger();
  private final Semaphore open = new Semaphore(500); // a machine that cannot keep up gets fewer
  private final AtomicBoolean stopped = new AtomicBoolean();

  private RuleEdits(String gateway, String key, String admin, Path file) {
    this.gateway = gateway;
    this.key = key;
    this.admin = admin;
    this.file = file;
  }

  public static void main(String[] args) throws Exception {
    RuleEdits load = new RuleEdits(args[0], args[1], args[2], Path.of(args[3]));
    int edits = Integer.parseInt(args[4]);
    int rate = Integer.parseInt(args[5]);
    load.save(text(0), 0);
    load.await(text(0), "accepted");
    long start = System.nanoTime();
    Thread requests = Thread.ofPlatform().start(() -> load.drive(rate));
    Map<String, Integer> broken = new TreeMap<>();
    int version = 0;
    for (int i = 0; i < edits; i++) {
      String good = text(++version);
      if (i % 2 == 0) {
        load.save(good, i);
        load.await(good, "accepted");
      } else {
        Break how = BREAKS.get(i / 2 % BREAKS.size());
        String bad = good.replace(how.find(), how.into());
        load.save(bad, i);
        String newest = load.await(bad, "refused");
        Matcher line = Pattern.compile("\"line\":(\\d+),\"column\":\\d+,\"message\":\"(.*?)\",\"hint\"").matcher(newest);
        boolean right = line.find() && Integer.parseInt(line.group(1)) == how.line() && newest.contains(how.word());
        broken.merge(how.name() + (right ? ": right line" : ": WRONG " + newest), 1, Integer::sum);
      }
    }
    load.stopped.set(true);
    requests.join();
    double seconds = (System.nanoTime() - start) / 1e9;
    while (load.answered.get() < load.sent.get()) {
      Thread.sleep(10);
    }
    System.out.printf("- %d requests in %.0f s, %.0f a second; %d edits, %d of them broken%n",
        load.sent.get(), seconds, load.sent.get() / seconds, edits, edits / 2);
    System.out.printf("- failed, or decided by two versions at once: %d%n", load.failed.size());
    load.failed.stream().limit(5).forEach(one -> System.out.println("  " + one));
    System.out.printf("- versions that decided: %d%n", load.reasons.size());
    broken.forEach((what, times) -> System.out.println("- " + what + ": " + times));
    System.exit(load.failed.isEmpty() ? 0 : 1);
  }

  /** Two steps of the same version, which must never be mixed with another's. */
  private static String text(int version) {
    return """
    - route:
        id: provider-choice
        group: rules
        from:
          uri: direct:provider-choice
          steps:
            - choice:
                when:
                  - id: auto
                    # the client leaves the choice to the gateway
                    simple: "${variable.strategy} == 'auto'"
                    steps:
                      - setVariable: {name: reason, constant: v%1$d}
                      - setVariable: {name: targets, constant: bench/m%1$d}
                otherwise:
                  steps:
                    - setVariable: {name: targets, constant: bench/other}
    """
        .formatted(version);
  }

  /** In turn: in place, by rename, by a backup, in two halves. */
  private void save(String text, int i) throws Exception {
    Path other = file.resolveSibling("." + file.getFileName() + ".new");
    switch (i / 2 % 4) {
      case 0 -> Files.writeString(file, text);
      case 1 -> {
        Files.writeString(other, text);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
      }
      case 2 -> {
        Files.move(file, file.resolveSibling(file.getFileName() + "~"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(file, text);
      }
      default -> {
        Files.writeString(file, text.substring(0, text.length() / 2));
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        Files.writeString(file, text);
      }
    }
  }

  private void drive(int rate) {
    long gap = TimeUnit.SECONDS.toNanos(1) / rate;
    for (long due = System.nanoTime(); !stopped.get(); due += gap) {
      LockSupport.parkNanos(due - System.nanoTime());
      open.acquireUninterruptibly();
      sent.incrementAndGet();
      http.sendAsync(chat(), HttpResponse.BodyHandlers.ofString()).whenComplete(this::judge);
    }
  }

  private HttpRequest chat() {
    return HttpRequest.newBuilder(URI.create(gateway + "/v1/chat/completions"))
        .header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json")
        .header("Cache-Control", "no-store")
        .POST(HttpRequest.BodyPublishers.ofString(
            "{\"model\":\"auto\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
        .build();
  }

  private void judge(HttpResponse<String> answer, Throwable problem) {
    open.release();
    if (problem != null) {
      failed.add(problem.toString());
    } else {
      String model = answer.headers().firstValue("X-Route-Model").orElse("");
      String reason = answer.headers().firstValue("X-Route-Reason").orElse("");
      if (answer.statusCode() != 200 || !model.replace('m', 'v').equals(reason)) {
        failed.add(answer.statusCode() + " " + model + " " + reason + " " + answer.body());
      }
      reasons.computeIfAbsent(reason, any -> new AtomicInteger()).incrementAndGet();
    }
    answered.incrementAndGet();
  }

  /** The newest version's description, once it is {@code text}. */
  private String await(String text, String outcome) throws Exception {
    String hash = HexFormat.of().formatHex(
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < end) {
      String body = http.send(
          HttpRequest.newBuilder(URI.create(gateway + "/api/v1/rules/provider-choice/versions"))
              .header("Authorization", "Bearer " + admin).build(),
          HttpResponse.BodyHandlers.ofString()).body();
      String newest = body.substring(0, Math.max(0, body.indexOf("\"version\":", body.indexOf("\"version\":") + 1)));
      newest = newest.isEmpty() ? body : newest;
      if (newest.contains(hash)) {
        if (!newest.contains("\"outcome\":\"" + outcome + "\"")) {
          throw new IllegalStateException("not " + outcome + ": " + newest);
        }
        return newest;
      }
      Thread.sleep(20);
    }
    throw new IllegalStateException("never " + outcome + ": " + text);
  }
}
