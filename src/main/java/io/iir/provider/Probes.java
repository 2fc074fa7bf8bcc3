package io.iir.provider;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks servers nearby that failed for their list of models, as their providers' {@code probe} says,
 * so that no client's request need find out that they are well again. A server that is well is not
 * asked.
 */
final class Probes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Probes.class);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final ModelTraffic traffic;
  private final ModelListClient client;
  private final ScheduledExecutorService rounds =
      Executors.newScheduledThreadPool(1, Thread.ofVirtual().name("probe-", 0).factory());

  Probes(List<Provider> providers, ModelTraffic traffic, ModelListClient client) {
    this.traffic = traffic;
    this.client = client;
    for (Provider provider : providers) {
      long nanos = provider.fleet().probe().toNanos();
      if (nanos > 0 && provider.isLocal()) {
        ScheduledFuture<?> round =
            rounds.scheduleWithFixedDelay(
                () -> probe(provider), nanos, nanos, TimeUnit.NANOSECONDS);
        LOG.debug("first probe in {} ms", round.getDelay(TimeUnit.MILLISECONDS));
      }
    }
  }

  private void probe(Provider provider) {
    try {
      for (URI url : provider.baseUrls()) {
        probe(provider, url);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      // One that escaped would end all further rounds.
      LOG.error("a probe of {} failed", provider.name(), e);
    }
  }

  private void probe(Provider provider, URI url) throws InterruptedException {
    Breaker endpoint = traffic.provider(provider.name()).endpoint(url).breaker();
    List<Breaker> models =
        traffic.models(provider.name()).values().stream()
            .map(Load::breaker)
            .filter(breaker -> !breaker.isClosed())
            .toList();
    boolean ill = !endpoint.isClosed() || !models.isEmpty();
    if (ill && client.answers(provider.at(url, provider.apiKey()), LIMIT)) {
      LOG.info("{} at {} answers: it is tried again", provider.name(), url);
      endpoint.close();
      models.forEach(Breaker::tryNow);
    }
  }

  @Override
  public void close() {
    rounds.shutdownNow();
  }
}
