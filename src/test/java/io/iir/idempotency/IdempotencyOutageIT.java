package io.iir.idempotency;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.backend.CopyRoom;
import io.iir.cluster.Announcements;
import io.iir.config.StateSettings.Mode;
import io.iir.testing.TestStore;
import io.iir.testing.Vendor;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Two gateways on one database, which one of them loses for a while. */
class IdempotencyOutageIT {

  private static final String PRINT = "f".repeat(64);
  private static final Duration DAY = Duration.ofHours(24);

  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Idempotency> gateways = new ArrayList<>();
  private TestStore database = TestStore.open(Vendor.SQLITE);
  private Losing lost = new Losing(database.pool());

  /** A database that is well, away, or hangs. */
  private static final class Losing extends DelegatingDataSource {

    private volatile boolean away;
    private volatile @Nullable CountDownLatch hangs;

    Losing(DataSource source) {
      super(source);
    }

    @Override
    public Connection getConnection() throws SQLException {
      CountDownLatch until = hangs;
      if (until != null) {
        try {
          until.await();
        } catch (InterruptedException e) {
          throw new SQLTransientConnectionException(e);
        }
      }
      if (away) {
        throw new SQLTransientConnectionException("away");
      }
      return super.getConnection();
    }
  }

  /** Gateways that tell each other nothing. */
  private static final class Silence implements Announcements {

    @Override
    public void tell(Topic topic, String text) {}

    @Override
    public void listen(Topic topic, Consumer<String> listener) {}
  }

  @BeforeEach
  void open() {
    lost = new Losing(database.pool());
  }

  @AfterEach
  void close() throws IOException {
    gateways.forEach(Idempotency::close);
    blocking.close();
    database.close();
  }

  private Idempotency gateway(String name, DataSource source, Mode mode) {
    Idempotency made =
        new Idempotency(
            new IdempotencyStore(source, Clock.systemUTC(), DAY),
            name,
            new Silence(),
            blocking,
            mode,
            new CopyRoom(1 << 20));
    gateways.add(made);
    return made;
  }

  private static Claim claim(Idempotency gateway, String request) throws Exception {
    return gateway.begin(request, PRINT).get(30, SECONDS);
  }

  private static Run first(Claim claim) {
    assertThat(claim).isInstanceOf(Claim.First.class);
    return ((Claim.First) claim).run();
  }

  private long rows() {
    return JdbcClient.create(database.pool())
        .sql("select count(*) from idempotency")
        .query(Long.class)
        .single();
  }

  @Test
  void aReleaseThatFailedHoldsUpNoRepetition() throws Exception {
    Idempotency one = gateway("one", lost, Mode.OPEN);
    Idempotency two = gateway("two", database.pool(), Mode.OPEN);
    Run run = first(claim(one, "a"));
    first(claim(one, "goes on")); // so that the gateway has something to beat for
    lost.away = true;
    run.end(Ending.NOTHING);
    run.saved().get(30, SECONDS);
    lost.away = false;
    first(claim(two, "a"));
  }

  /** Its gateway goes on without it, its upstream fails, and then the database takes the claim. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void aClaimThatComesLateIsFreed(Mode mode) throws Exception {
    Idempotency one = gateway("one", lost, mode);
    Idempotency two = gateway("two", database.pool(), mode);
    CountDownLatch hanging = new CountDownLatch(1);
    lost.hangs = hanging;
    Claim claim = claim(one, "a");
    if (mode == Mode.OPEN) {
      first(claim).end(Ending.NOTHING);
    } else {
      assertThat(claim).isEqualTo(new Claim.Refused());
    }
    lost.hangs = null;
    hanging.countDown();
    first(claim(two, "a")).end(Ending.NOTHING);
    await().atMost(30, SECONDS).until(() -> rows() == 0);
  }

  @Test
  void allThatWaitAreRefusedAtOnce() throws Exception {
    Idempotency one = gateway("one", lost, Mode.CLOSED);
    CountDownLatch hanging = new CountDownLatch(1);
    lost.hangs = hanging;
    List<CompletableFuture<Claim>> all =
        IntStream.range(0, 300).mapToObj(i -> one.begin("a", PRINT)).toList();
    for (CompletableFuture<Claim> each : all) {
      assertThat(each.get(30, SECONDS)).isEqualTo(new Claim.Refused());
    }
    lost.hangs = null;
    hanging.countDown();
    await().atMost(30, SECONDS).until(() -> rows() == 0);
  }

  @Test
  void aBurstWaitsForItsTurn() throws Exception {
    Idempotency one = gateway("one", database.pool(), Mode.CLOSED);
    List<CompletableFuture<Claim>> all =
        IntStream.range(0, 1_200).mapToObj(i -> one.begin("request-" + i, PRINT)).toList();
    for (CompletableFuture<Claim> each : all) {
      Run run = first(each.get(30, SECONDS));
      run.end(Ending.NOTHING);
    }
    await().atMost(30, SECONDS).until(() -> rows() == 0);
  }

  @Test
  void whatRunsDoesNotExpireThoughAnswersLiveShort() {
    IdempotencyStore one =
        new IdempotencyStore(database.pool(), Clock.systemUTC(), Duration.ofMillis(1));
    IdempotencyStore later =
        new IdempotencyStore(
            database.pool(),
            Clock.offset(Clock.systemUTC(), Duration.ofSeconds(50)),
            Duration.ofMillis(1));
    RunId run = new RunId("a", "one", 1);
    assertThat(one.claim(run, PRINT, null, id -> true)).isInstanceOf(Look.Mine.class);
    later.beat("one");
    later.prune();
    IdempotencyStore evenLater =
        new IdempotencyStore(
            database.pool(),
            Clock.offset(Clock.systemUTC(), Duration.ofSeconds(90)),
            Duration.ofMillis(1));
    evenLater.prune();
    assertThat(evenLater.claim(new RunId("a", "two", 1), PRINT, null, id -> true))
        .isInstanceOf(StoredRequest.class);
  }

  @Test
  void anAttemptSparesThePlaceOfAnotherOfItsGatewayThatRuns() {
    IdempotencyStore store = new IdempotencyStore(database.pool(), Clock.systemUTC(), DAY);
    RunId running = new RunId("a", "one", 2);
    RunId late = new RunId("a", "one", 1);
    assertThat(store.claim(running, PRINT, null, id -> true)).isInstanceOf(Look.Mine.class);
    assertThat(store.claim(late, PRINT, null, running::equals)).isInstanceOf(StoredRequest.class);
    assertThat(store.claim(late, PRINT, null, id -> false)).isInstanceOf(Look.Mine.class);
  }
}
