package io.iir.provider;

import io.iir.provider.ModelListClient.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for model servers on this machine. A port counts if it answers {@code GET /v1/models} with
 * a list of models. A round asks for no more than that: what else a server tells of its models it
 * is asked only when it is new, when its list has changed, when it could not be told what kind it
 * is, now and then, and on request. One that was there and is silent may be busy, and is kept for
 * some rounds; one that refuses, or answers otherwise, is gone. For one thread at a time.
 */
final class LocalServers {

  /** The first question loads classes, on a machine that is busy starting. */
  private static final Duration FIRST = Duration.ofMillis(950);

  private static final Duration LATER = Duration.ofMillis(500);

  /** How long a look at all that a server tells may take, once it is known to be there. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(LocalServers.class);

  private static final int PATIENCE = 6;

  /** Rounds between looks at a server whose list stays the same. */
  private static final int ROUNDS = 30;

  /**
   * A server that is there.
   *
   * @param names what it listed when it was looked at last, or null if it is to be looked at
   * @param age rounds since then
   * @param silences rounds for which it has been silent
   */
  private record Known(LocalServer server, @Nullable List<String> names, int age, int silences) {}

  private final ModelListClient client;
  private final List<Integer> ports;
  private final Duration later;
  private final Map<Integer, Known> known = new LinkedHashMap<>();
  private Duration limit;
  private boolean first = true;

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
    Map<Integer, @Nullable Known> all = look();
    limit = later;
    first = false;
    List<LocalServer> found = new ArrayList<>();
    all.forEach((port, now) -> {
      if (now == null) {
        known.remove(port);
      } else {
        known.put(port, now);
        found.add(now.server());
      }
    });
    return found;
  }

  /** As {@link #find}; and whatever is known there is asked for all that it tells. */
  List<LocalServer> findInFull() throws InterruptedException {
    known.replaceAll((port, there) -> new Known(there.server(), null, 0, there.silences()));
    return find();
  }

  private Map<Integer, @Nullable Known> look() throws InterruptedException {
    List<Callable<@Nullable Known>> questions = new ArrayList<>();
    for (int port : ports) {
      Known before = known.get(port);
      questions.add(() -> look(port, before));
    }
    Map<Integer, @Nullable Known> all = new LinkedHashMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<@Nullable Known>> asked = threads.invokeAll(questions);
      for (int i = 0; i < asked.size(); i++) {
        try {
          all.put(ports.get(i), asked.get(i).get());
        } catch (ExecutionException e) {
          LOG.warn("port {} could not be asked", ports.get(i), e.getCause());
          all.put(ports.get(i), known.get(ports.get(i)));
        }
      }
    }
    return all;
  }

  private @Nullable Known look(int port, @Nullable Known before) throws InterruptedException {
    URI baseUrl = URI.create(host() + ":" + port + "/v1");
    if (!listens(port)) {
      return null;
    }
    if (first) { // which must be short; the next one makes up for what it misses
      return judge(baseUrl, client.ask(baseUrl, limit), null, before);
    }
    Answer answer = client.glance(baseUrl, limit);
    if (!(answer instanceof Answer.Models list)) {
      return judge(baseUrl, answer, null, before);
    }
    List<String> names = list.models().stream().map(LocalServers::mark).toList();
    if (before != null && names.equals(before.names()) && before.age() < ROUNDS) {
      return new Known(before.server(), names, before.age() + 1, 0);
    }
    Answer all = client.ask(baseUrl, LOOK);
    return judge(baseUrl, all, client.recognises(baseUrl) ? names : null, before);
  }

  /** Whether anybody takes connections there: most ports are closed, and say so at once. */
  private boolean listens(int port) {
    try (Socket connection = new Socket()) {
      connection.connect(new InetSocketAddress(host().getHost(), port), (int) limit.toMillis());
      return true;
    } catch (SocketTimeoutException e) {
      return true; // it may be busy: to be asked
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable Known judge(
      URI baseUrl, Answer answer, @Nullable List<String> names, @Nullable Known before) {
    return switch (answer) {
      case Answer.Models list ->
          new Known(new LocalServer(baseUrl, list.kind(), list.models()), names, 0, 0);
      case Answer.Failed failed -> null;
      case Answer.Silent silent ->
          before != null && before.silences() + 1 < PATIENCE
              ? new Known(before.server(), null, 0, before.silences() + 1)
              : null;
    };
  }

  /** What tells one listed model from another: some servers change the rest at each question. */
  private static String mark(ListedModel model) {
    Integer context = model.facts().context();
    return model.ownedBy().equals("library")
        ? model.name() + " " + model.created() // Ollama: a new version of the same name
        : model.name() + " " + context;
  }
}
