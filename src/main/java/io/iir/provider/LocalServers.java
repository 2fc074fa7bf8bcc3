package io.iir.provider;

import io.iir.provider.ModelListClient.Answer;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Looks for model servers on this machine. A port counts if it answers {@code GET /v1/models} with
 * a list of models. One that was there and is silent may be busy, and is kept for some rounds; one
 * that refuses, or answers otherwise, is gone. For one thread at a time.
 */
final class LocalServers {

  /** The first question loads classes, on a machine that is busy starting. */
  private static final Duration FIRST = Duration.ofMillis(950);

  private static final Duration LATER = Duration.ofMillis(500);
  private static final int PATIENCE = 6;

  private record Known(LocalServer server, int silences) {}

  private final ModelListClient client;
  private final List<Integer> ports;
  private final Duration later;
  private Duration limit;
  private final Map<Integer, Known> known = new LinkedHashMap<>();

  /** Looks at {@code ports}, in their order, but not at {@code own}, the gateway's. */
  LocalServers(ModelListClient client, List<Integer> ports, int own) {
    this(client, ports, own, FIRST, LATER);
  }

  /** As above, waiting for answers so long in the first round, and so long in those after it. */
  LocalServers(
      ModelListClient client, List<Integer> ports, int own, Duration first, Duration later) {
    this.client = client;
    this.ports = ports.stream().distinct().filter(port -> port != own).toList();
    this.limit = first;
    this.later = later;
  }

  /** Where they are looked for. */
  static URI host() {
    return URI.create("http://127.0.0.1");
  }

  /** The servers that are there now, by the order of ports; takes as long as an answer may. */
  List<LocalServer> find() throws InterruptedException {
    Map<Integer, Answer> answers = ask();
    limit = later;
    List<LocalServer> found = new ArrayList<>();
    for (int port : ports) {
      Known now = judge(port, answers.get(port), known.get(port));
      if (now == null) {
        known.remove(port);
      } else {
        known.put(port, now);
        found.add(now.server());
      }
    }
    return found;
  }

  private static @Nullable Known judge(int port, @Nullable Answer answer, @Nullable Known before) {
    if (answer instanceof Answer.Models list) {
      return new Known(new LocalServer(baseUrl(port), list.models()), 0);
    }
    boolean silent = answer == null || answer instanceof Answer.Silent;
    return silent && before != null && before.silences() + 1 < PATIENCE
        ? new Known(before.server(), before.silences() + 1)
        : null;
  }

  private Map<Integer, Answer> ask() throws InterruptedException {
    List<Callable<Answer>> questions = new ArrayList<>();
    for (int port : ports) {
      questions.add(() -> client.ask(baseUrl(port), limit));
    }
    Map<Integer, Answer> answers = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> asked = threads.invokeAll(questions);
      for (int i = 0; i < asked.size(); i++) {
        try {
          answers.put(ports.get(i), asked.get(i).get());
        } catch (ExecutionException e) {
          throw new IllegalStateException("asking port " + ports.get(i), e.getCause());
        }
      }
    }
    return answers;
  }

  private static URI baseUrl(int port) {
    return URI.create(host() + ":" + port + "/v1");
  }
}
