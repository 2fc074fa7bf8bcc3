package io.iir.flow;

import io.iir.auth.AdminKey;
import io.iir.auth.ApiKeys;
import io.iir.auth.KeyHash;
import io.iir.auth.KeySecret;
import io.iir.auth.Lookup;
import io.iir.auth.StoredKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Telling who calls by the SHA-256 of the key: {@code known}, one that memory knows, with what the
 * database is asked about it now and then; {@code unlikely}, what does not even look like a key.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AuthenticateBenchmark {

  private final ApiKeys keys = new ApiKeys(new AdminKey(KeyHash.of("an administrator's key")));
  private String header;
  private StoredKey stored;

  @Setup
  public void prepare() {
    String secret = KeySecret.generate(new SecureRandom());
    header = "Bearer " + secret;
    stored =
        new StoredKey(
            BenchRequest.KEY, KeyHash.of(secret), KeySecret.prefix(secret), Instant.now());
  }

  @Benchmark
  public Object known() {
    Lookup lookup = keys.identify(header);
    if (lookup instanceof Lookup.Known known && known.refresh() == null) {
      return known.key();
    }
    Lookup.Question question =
        lookup instanceof Lookup.Known known ? known.refresh() : (Lookup.Question) lookup;
    return keys.remember(question, stored);
  }

  @Benchmark
  public Object unlikely() {
    return keys.identify("Bearer sk-proj-0123456789");
  }
}
