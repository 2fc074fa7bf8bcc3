package io.iir.provider;

import io.iir.provider.ModelListClient.Answer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link ProviderDirectory} up to date, on virtual threads: looks for servers on this
 * machine, and asks providers for their models.
 */
public final class Discovery implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final ProviderDirectory directory;
  private final ModelListClient client;
  private final LocalServers servers;
  private final Duration localInterval;
  private final Duration refresh;
  private final ScheduledExecutorService rounds =
      Executors.newScheduledThreadPool(2, Thread.ofVirtual().name("discovery-", 0).factory());
  private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();
  private List<LocalServer> found = List.of();

  Discovery(
      ProviderDirectory directory,
      ModelListClient client,
      LocalServers servers,
      Duration localInterval,
      Duration refresh) {
    this.directory = directory;
    this.client = client;
    this.servers = servers;
    this.localInterval = localInterval;
    this.refresh = refresh;
  }

  /** Looks for servers on this machine, for at most a second, and goes on in the background. */
  public void start() throws InterruptedException {
    if (directory.searchesLocal()) {
      search();
    }
    // Once more soon: what did not answer may have been starting, as this was.
    Duration soon = localInterval.compareTo(SOON) < 0 ? localInterval : SOON;
    every(soon, localInterval, this::searchAndRetry);
    every(Duration.ZERO, refresh, () -> askAll(provider -> true));
  }

  private void every(Duration first, Duration pause, Round round) {
    Runnable safe =
        () -> {
          try {
            round.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException e) {
            // One that escaped would end all further rounds.
            LOG.error("a round of discovery failed", e);
          }
        };
    var scheduled =
        rounds.scheduleWithFixedDelay(
            safe, first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("next round in {} ms", scheduled.getDelay(TimeUnit.MILLISECONDS));
  }

  private interface Round {
    void run() throws InterruptedException;
  }

  /** A server nearby that was starting, when it was asked, need not wait for the next refresh. */
  private void searchAndRetry() throws InterruptedException {
    if (directory.searchesLocal()) {
      search();
    }
    askAll(provider -> provider.isLocal() && directory.failed(provider.name()));
  }

  private void search() throws InterruptedException {
    List<LocalServer> now = servers.find();
    for (LocalServer server : now) {
      if (found.stream().noneMatch(before -> before.baseUrl().equals(server.baseUrl()))) {
        LOG.info("found {} with {} models", server.baseUrl(), server.models().size());
      }
    }
    for (LocalServer before : found) {
      if (now.stream().noneMatch(server -> server.baseUrl().equals(before.baseUrl()))) {
        LOG.info("{} is gone", before.baseUrl());
      }
    }
    found = now;
    directory.found(now, Clock.systemUTC().instant());
  }

  private void askAll(Predicate<Provider> which) {
    for (Provider provider : directory.asked()) {
      if (which.test(provider)) {
        questions.execute(() -> ask(provider));
      }
    }
  }

  private void ask(Provider provider) {
    try {
      Answer answer = client.ask(provider, LIMIT);
      if (directory.learn(provider, answer, Clock.systemUTC().instant())) {
        switch (answer) {
          case Answer.Models list ->
              LOG.info("provider {} lists {} models", provider.name(), list.models().size());
          case Answer.Failed failed ->
              LOG.warn("provider {} gave no list of models: {}", provider.name(), failed.reason());
          case Answer.Silent silent ->
              LOG.warn("provider {} gave no list of models: {}", provider.name(), silent.reason());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    rounds.shutdownNow();
    questions.shutdownNow();
    client.close();
  }
}
