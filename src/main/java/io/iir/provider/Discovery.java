package io.iir.provider;

import io.iir.provider.ModelListClient.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a {@link ProviderDirectory}, on virtual threads: with the lists that were kept, with what
 * providers without one say, and with the servers on this machine, which it goes on looking for.
 * Else a provider is asked on request only.
 */
public final class Discovery implements AutoCloseable {

  /** How long a provider may take to give its list. */
  public static final Duration LIMIT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final ProviderDirectory directory;
  private final ModelListClient client;
  private final LocalServers servers;
  private final KeptLists kept;
  private final Duration localInterval;
  private final Duration refresh;
  private final ScheduledExecutorService rounds =
      Executors.newScheduledThreadPool(2, Thread.ofVirtual().name("discovery-", 0).factory());
  private final ExecutorService questions = Executors.newVirtualThreadPerTaskExecutor();
  private List<LocalServer> found = List.of();

  /** Asks all providers every {@code refresh} besides; zero: it does not. */
  Discovery(
      ProviderDirectory directory,
      ModelListClient client,
      LocalServers servers,
      KeptLists kept,
      Duration localInterval,
      Duration refresh) {
    this.directory = directory;
    this.client = client;
    this.servers = servers;
    this.kept = kept;
    this.localInterval = localInterval;
    this.refresh = refresh;
  }

  /** Looks for servers on this machine, for at most a second, and goes on in the background. */
  public void start() throws InterruptedException {
    kept.load(directory.asked()).forEach(directory::keep);
    if (directory.searchesLocal()) {
      glance();
    }
    // Once more soon: what did not answer may have been starting, as this was.
    Duration soon = localInterval.compareTo(SOON) < 0 ? localInterval : SOON;
    every(soon, localInterval, this::searchAndRetry);
    for (Provider provider : directory.asked()) {
      if (directory.list(provider.name()).models() == null) {
        questions.execute(() -> askUntilListed(provider, SOON));
      }
    }
    if (refresh.isPositive()) {
      every(refresh, refresh, () -> askAll(provider -> true));
    }
  }

  /**
   * What came of asking a provider.
   *
   * @param models what it lists; null: it gave no list
   * @param failure why not; null: it did
   * @param at when that was
   */
  public record Asked(@Nullable List<ListedModel> models, @Nullable String failure, Instant at) {}

  /** Asks {@code provider} now, for at most {@link #LIMIT}; the directory knows the answer then. */
  public Asked ask(Provider provider) throws InterruptedException {
    Answer answer = client.ask(provider, LIMIT);
    Instant now = Clock.systemUTC().instant();
    boolean news = directory.learn(provider, answer, now);
    Asked asked =
        switch (answer) {
          case Answer.Models list -> new Asked(list.models(), null, now);
          case Answer.Failed failed -> new Asked(null, failed.reason(), now);
          case Answer.Silent silent -> new Asked(null, silent.reason(), now);
        };
    if (news && asked.models() != null) {
      LOG.info("provider {} lists {} models", provider.name(), asked.models().size());
    } else if (news) {
      LOG.warn("provider {} gave no list of models: {}", provider.name(), asked.failure());
    }
    return asked;
  }

  /**
   * Looks for servers on this machine now and asks them for all that they tell; the directory knows
   * them then.
   */
  public synchronized List<LocalServer> search() throws InterruptedException {
    return keep(servers.findInFull());
  }

  private synchronized void glance() throws InterruptedException {
    LOG.debug("{} servers on this machine", keep(servers.find()).size());
  }

  private List<LocalServer> keep(List<LocalServer> now) {
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
    return now;
  }

  private void every(Duration first, Duration pause, Round round) {
    ScheduledFuture<?> scheduled =
        rounds.scheduleWithFixedDelay(
            () -> safely(round), first.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    LOG.debug("next round in {} ms", scheduled.getDelay(TimeUnit.MILLISECONDS));
  }

  private static void safely(Round round) {
    try {
      round.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // One that escaped would end all further rounds.
      LOG.error("a round of discovery failed", e);
    }
  }

  private interface Round {
    void run() throws InterruptedException;
  }

  /** A server nearby that was starting, when it was asked, need not wait for the next refresh. */
  private void searchAndRetry() throws InterruptedException {
    if (directory.searchesLocal()) {
      glance();
    }
    askAll(provider -> provider.isLocal() && directory.list(provider.name()).failure() != null);
  }

  private void askAll(Predicate<Provider> which) {
    for (Provider provider : directory.asked()) {
      if (which.test(provider)) {
        questions.execute(() -> safely(() -> askAndKeep(provider)));
      }
    }
  }

  private void askAndKeep(Provider provider) throws InterruptedException {
    Asked asked = ask(provider);
    if (asked.models() != null) {
      kept.listed(provider, asked.models(), asked.at());
    } else {
      kept.failed(provider, String.valueOf(asked.failure()), asked.at());
    }
  }

  /** Asks again after {@code pause}, and after longer ones, as long as there is no list at all. */
  private void askUntilListed(Provider provider, Duration pause) {
    if (directory.list(provider.name()).models() != null) {
      return;
    }
    safely(() -> askAndKeep(provider));
    if (directory.list(provider.name()).models() != null || questions.isShutdown()) {
      return;
    }
    Duration doubled = pause.multipliedBy(2);
    Duration next = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    try {
      ScheduledFuture<?> again =
          rounds.schedule(
              () -> askUntilListed(provider, next), pause.toMillis(), TimeUnit.MILLISECONDS);
      LOG.debug("asking {} again in {} ms", provider.name(), again.getDelay(TimeUnit.MILLISECONDS));
    } catch (RejectedExecutionException e) {
      LOG.debug("closed while {} was asked", provider.name());
    }
  }

  @Override
  public void close() {
    rounds.shutdownNow();
    questions.shutdownNow();
    client.close();
  }
}
