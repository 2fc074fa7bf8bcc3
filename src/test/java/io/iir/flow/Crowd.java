package io.iir.flow;

import io.iir.cache.AnswerCache;
import io.iir.testing.Gateway;
import io.iir.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Clients that ask at the same time, each on a connection of its own. Close it. */
final class Crowd implements AutoCloseable {

  /** Limits that let a crowd in. */
  static final String[] LIMITS = {
    "iir.limits.default.rpm=1000000",
    "iir.limits.default.tpm=1000000000",
    "iir.limits.default.concurrency=10000"
  };

  /**
   * What one of them was told.
   *
   * @param cache what the cache did
   */
  record Answer(int status, @Nullable String cache, @Nullable String type, String body) {}

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Future<Answer>> answers = new ArrayList<>();

  /** One more asks. */
  Future<Answer> ask(Gateway gateway, String body, String... headers) {
    Future<Answer> answer =
        threads.submit(() -> {
          try (RawClient client = RawClient.chat(gateway, body, headers)) {
            return new Answer(
                client.status(),
                client.header("x-iir-cache"),
                client.header("Content-Type"),
                client.rest());
          }
        });
    answers.add(answer);
    return answer;
  }

  /** What all were told, in the order in which they asked. */
  List<Answer> answers() throws Exception {
    List<Answer> all = new ArrayList<>();
    for (Future<Answer> answer : answers) {
      all.add(answer.get());
    }
    return all;
  }

  /** How many requests wait in {@code gateways} for an answer that others have made. */
  static long waiting(Gateway... gateways) {
    long sum = 0;
    for (Gateway gateway : gateways) {
      sum += gateway.bean(AnswerCache.class).waiting();
    }
    return sum;
  }

  @Override
  public void close() throws IOException {
    threads.shutdownNow();
  }
}
