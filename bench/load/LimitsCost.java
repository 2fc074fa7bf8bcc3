import io.iir.auth.AdminKey;
import io.iir.auth.ApiKey;
import io.iir.auth.ApiKeys;
import io.iir.auth.KeyHash;
import io.iir.auth.KeySecret;
import io.iir.auth.Lookup;
import io.iir.auth.Role;
import io.iir.auth.StoredKey;
import io.iir.config.IirProperties;
import io.iir.config.StateSettings.Mode;
import io.iir.flow.Quotas;
import io.iir.provider.ModelPattern;
import io.iir.throttle.Charge;
import io.iir.throttle.LimitOverrides;
import io.iir.throttle.Limiter;
import io.iir.throttle.MemoryLimiter;
import io.iir.throttle.Quota;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * What authentication and limits cost a request while they are in memory: its key is known, and
 * key, team, model and gateway have limits of requests, tokens and places, two of them a budget
 * too.
 *
 * <p>Usage: LimitsCost REQUESTS ROUNDS THREADS, the requests of each thread and round.
 */
public final class LimitsCost {

  private static final String MODEL = "openai/gpt-4o";
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("iir.limits.default.rpm", "2000000000"),
          Map.entry("iir.limits.default.tpm", "2000000000"),
          Map.entry("iir.limits.gateway.rpm", "2000000000"),
          Map.entry("iir.limits.gateway.tpm", "2000000000"),
          Map.entry("iir.limits.gateway.concurrency", "1000"),
          Map.entry("iir.limits.models[openai/gpt-4o].rpm", "2000000000"),
          Map.entry("iir.limits.models[openai/gpt-4o].tpm", "2000000000"),
          Map.entry("iir.limits.models[openai/gpt-4o].concurrency", "1000"),
          Map.entry("iir.teams.search.limits.rpm", "2000000000"),
          Map.entry("iir.teams.search.limits.tpm", "2000000000"),
          Map.entry("iir.teams.search.limits.concurrency", "1000"),
          Map.entry("iir.teams.search.budget.usd", "9000000"),
          Map.entry("iir.budgets.gateway.usd", "9000000"));

  private final ApiKeys keys = new ApiKeys(new AdminKey(KeyHash.of("an administrator's key")));
  private final Quotas quotas =
      new Quotas(
          new Binder(new MapConfigurationPropertySource(SETTINGS))
              .bindOrCreate("iir", IirProperties.class));
  private final Limiter limiter =
      new MemoryLimiter(
          (subject, start) -> CompletableFuture.completedFuture(0L), Mode.OPEN, () -> 1);
  private final String header;
  private final StoredKey stored;

  private LimitsCost() {
    String secret = KeySecret.generate(new SecureRandom());
    header = "Bearer " + secret;
    ApiKey key =
        new ApiKey(
            "key_1",
            "web",
            "search",
            List.of(ModelPattern.ALL),
            LimitOverrides.NONE,
            null,
            Map.of(),
            null,
            Role.USER);
    stored = new StoredKey(key, KeyHash.of(secret), "sk-iir-", Instant.now());
  }

  public static void main(String[] arguments) throws Exception {
    int requests = Integer.parseInt(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    int most = Integer.parseInt(arguments[2]);
    LimitsCost cost = new LimitsCost();
    cost.round(requests, most);
    System.out.println("| threads | µs a request, best round | median round | worst round |");
    System.out.println("|---|---|---|---|");
    for (int threads = 1; threads <= most; threads *= 2) {
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        times.add(cost.round(requests, threads));
      }
      times.sort(null);
      System.out.printf(
          "| %d | %.2f | %.2f | %.2f |%n",
          threads, times.getFirst(), times.get(rounds / 2), times.getLast());
    }
  }

  /** Microseconds that a request took, on average, on one of so many threads. */
  private double round(int requests, int threads) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Long>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(executor.submit(() -> nanos(requests)));
      }
      double sum = 0;
      for (Future<Long> each : all) {
        sum += each.get();
      }
      return sum / threads / requests / 1000;
    }
  }

  private long nanos(int requests) {
    long start = System.nanoTime();
    for (int i = 0; i < requests; i++) {
      request(i);
    }
    return System.nanoTime() - start;
  }

  private void request(int i) {
    ApiKey key = identify();
    if (limiter.refusal(quotas.of(key)) != null) {
      throw new IllegalStateException("a limit is reached");
    }
    List<Quota> all = quotas.of(key, MODEL);
    if (all.size() != 4) {
      throw new IllegalStateException("there are " + all.size() + " quotas");
    }
    limiter.acquire(new Charge(all, 3, 1000)).join().settle(1 + i % 3, 10);
  }

  /** The key, as the database would give it now and then. */
  private ApiKey identify() {
    Lookup lookup = keys.identify(header);
    if (lookup instanceof Lookup.Known known && known.refresh() == null) {
      return known.key();
    }
    Lookup.Question question =
        lookup instanceof Lookup.Known known ? known.refresh() : (Lookup.Question) lookup;
    return ((Lookup.Known) keys.remember(question, stored)).key();
  }
}
