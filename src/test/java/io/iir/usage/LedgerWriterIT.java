package io.iir.usage;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iir.config.Secret;
import io.iir.config.UsageSettings;
import io.iir.store.DataDirectory;
import io.iir.store.Database;
import io.iir.testing.PostgresServer;
import io.iir.throttle.Scope;
import io.iir.throttle.Subject;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.util.FileSystemUtils;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

class LedgerWriterIT {

  private static final UsageSettings SETTINGS =
      new UsageSettings(70, Duration.ofMillis(10), Duration.ofDays(400));
  private static final int SEGMENT = 128 << 10;

  /** What holds on both databases. */
  abstract static class Kit {

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final UsageMeters meters = new UsageMeters(registry);
    Path path = Path.of("");
    JournalDirectory directory = new JournalDirectory(path);

    abstract DataSource source();

    abstract void takeAway() throws SQLException;

    abstract void bringBack() throws SQLException;

    @BeforeEach
    void makeDirectory() throws IOException {
      path = Files.createTempDirectory("iir-ledger");
      directory = new JournalDirectory(path);
    }

    @AfterEach
    void deleteDirectory() throws IOException {
      FileSystemUtils.deleteRecursively(path);
    }

    Journal journal(long id) throws IOException {
      JournalDirectory.Lock lock = Objects.requireNonNull(directory.tryLock(id));
      return new Journal(directory, lock, id, SEGMENT, 100_000, meters);
    }

    LedgerWriter writer(Journal journal) {
      LedgerWriter writer =
          new LedgerWriter(
              journal, directory, new LedgerTables(source(), LedgerTables.FEW), SETTINGS, meters);
      writer.start();
      return writer;
    }

    long number(String sql) {
      try (Connection connection = source().getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    /** The ledger has rows 1 to {@code count}, each once, and the sums of days equal it. */
    void assertLedger(int count) {
      assertThat(number("select count(*) from usage_ledger")).isEqualTo(count);
      assertThat(number("select count(distinct id) from usage_ledger")).isEqualTo(count);
      assertThat(number("select sum(requests) from usage_daily")).isEqualTo(count);
      assertThat(number("select sum(cost_nano_usd) from usage_daily")).isEqualTo(count * 7L);
      assertThat(number("select sum(prompt_tokens) from usage_daily")).isEqualTo(count * 10L);
    }

    static void append(Journal journal, int from, int to) {
      LongStream.rangeClosed(from, to).forEach(id -> journal.append(UsageRows.row(id, "key-a")));
    }

    @Test
    void rowsAndSumsAreWrittenAndNothingStays() throws Exception {
      Journal journal = journal(1);
      LedgerWriter writer = writer(journal);
      append(journal, 1, 1_000);
      writer.flush().get(20, SECONDS);
      assertLedger(1_000);
      assertThat(writer.lag()).isZero();
      append(journal, 1_001, 1_050);
      writer.close();
      assertLedger(1_050);
      try (var left = Files.list(path)) {
        assertThat(left).isEmpty();
      }
    }

    @Test
    void whatProcessesHaveLeftIsWrittenOnceWhateverWasWrittenBefore() throws Exception {
      Journal first = journal(1);
      append(first, 1, 500);
      LedgerTables tables = new LedgerTables(source(), LedgerTables.FEW);
      for (int i = 0; i < 3; i++) { // written, but killed before that was noted
        Batch batch = Objects.requireNonNull(first.take(60));
        tables.write(batch.journal(), batch.rows());
        first.written(batch);
      }
      first.close();
      Journal second = journal(2);
      append(second, 501, 600);
      second.close();

      Journal third = journal(3);
      append(third, 601, 610);
      LedgerWriter writer = writer(third);
      writer.flush().get(20, SECONDS);
      assertLedger(610);
      assertThat(registry.counter("iir.usage.rows", "outcome", "known").count()).isPositive();
      writer.close();
      try (var left = Files.list(path)) {
        assertThat(left).isEmpty();
      }
    }

    /** One cannot be read, and the database is away: the others are written when it is back. */
    @Test
    void journalsThatAreLeftAreWrittenWhenTheDatabaseIsBack() throws Exception {
      for (int id = 1; id <= 3; id++) {
        Journal left = journal(id);
        append(left, id * 10, id * 10 + 4);
        left.close();
      }
      Path broken = directory.segment(1, 1);
      Files.delete(broken);
      Files.createDirectory(broken);
      takeAway();
      LedgerWriter writer = writer(journal(9));
      assertThat(writer.flush()).failsWithin(Duration.ofSeconds(30));
      bringBack();
      await().atMost(30, SECONDS).until(() -> writer.flush().handle((ok, e) -> e == null).get());
      assertThat(number("select count(*) from usage_ledger")).isEqualTo(10);
      assertThat(directory.journals()).contains(1L).doesNotContain(2L, 3L);
      Objects.requireNonNull(directory.take(1)).lock().release(); // nobody holds it
      writer.close();
    }

    @Test
    void aFailureThatNobodyExpectsDoesNotEndTheWriter() throws Exception {
      AtomicBoolean broken = new AtomicBoolean(true);
      DataSource failing =
          new DelegatingDataSource(source()) {
            @Override
            public Connection getConnection() throws SQLException {
              if (broken.get()) {
                throw new IllegalStateException("a bug");
              }
              return super.getConnection();
            }
          };
      Journal journal = journal(1);
      try (LedgerWriter writer =
          new LedgerWriter(
              journal, directory, new LedgerTables(failing, LedgerTables.FEW), SETTINGS, meters)) {
        writer.start();
        append(journal, 1, 5);
        assertThat(writer.flush())
            .failsWithin(Duration.ofSeconds(30))
            .withThrowableThat()
            .withCauseInstanceOf(IllegalStateException.class);
        broken.set(false);
        await().atMost(30, SECONDS).until(() -> journal.waiting() == 0);
      }
      assertLedger(5);
    }

    @Test
    void whatIsBehindATornRowIsKept() throws Exception {
      Journal left = journal(1);
      append(left, 1, 5);
      left.close();
      Path segment = directory.segment(1, 1);
      byte[] bytes = Files.readAllBytes(segment);
      int end = bytes.length;
      while (bytes[end - 1] == 0) {
        end--;
      }
      bytes[end / 5 * 2] ^= 1; // in the middle of one of the first rows
      Files.write(segment, bytes);
      try (LedgerWriter writer = writer(journal(9))) {
        writer.flush().get(20, SECONDS);
      }
      assertThat(number("select count(*) from usage_ledger")).isBetween(1L, 2L);
      assertThat(Files.readAllBytes(Path.of(segment + ".torn"))).isEqualTo(bytes);
    }

    @Test
    void whileTheDatabaseIsAwayTheJournalGrowsAndThenIsCaughtUp() throws Exception {
      Journal journal = journal(1);
      LedgerWriter writer = writer(journal);
      append(journal, 1, 100);
      writer.flush().get(20, SECONDS);
      takeAway();
      append(journal, 101, 2_000);
      assertThat(writer.flush())
          .failsWithin(Duration.ofSeconds(30))
          .withThrowableThat()
          .withCauseInstanceOf(SQLException.class);
      assertThat(journal.waiting()).isEqualTo(1_900);
      assertThat(writer.lag()).isPositive();
      bringBack();
      await().atMost(30, SECONDS).until(() -> journal.waiting() == 0);
      writer.close();
      assertLedger(2_000);
    }

    @Test
    void whatIsSpentIsTheSumOfDaysAndOfWhatWaits() throws Exception {
      Journal journal = journal(1);
      LedgerWriter writer = writer(journal);
      Instant june = Instant.parse("2026-06-30T23:59:59.999Z");
      Instant july = Instant.parse("2026-07-01T00:00:00Z");
      LongStream.rangeClosed(1, 10).forEach(id -> journal.append(UsageRows.row(id, "key-a", june)));
      LongStream.rangeClosed(11, 13)
          .forEach(id -> journal.append(UsageRows.row(id, "key-a", july)));
      journal.append(UsageRows.row(14, "key-b", july));
      LedgerSpent spent = new LedgerSpent(writer, source(), Runnable::run);
      Subject key = new Subject(Scope.KEY, "key-a", "a");
      Subject team = new Subject(Scope.TEAM, "team-a", "team-a");
      assertThat(spent.nanoUsd(key, july).get(20, SECONDS)).isEqualTo(3 * 7);
      assertThat(spent.nanoUsd(key, Instant.EPOCH).get(20, SECONDS)).isEqualTo(13 * 7);
      assertThat(spent.nanoUsd(team, july).get(20, SECONDS)).isEqualTo(4 * 7);
      assertThat(spent.nanoUsd(Subject.GATEWAY, july).get(20, SECONDS)).isEqualTo(4 * 7);
      assertThat(spent.nanoUsd(new Subject(Scope.KEY, "none", "none"), july).get(20, SECONDS))
          .isZero();
      writer.close();
      assertThat(spent.nanoUsd(key, july))
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .withCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void oldRowsGoAndTheirSumsStay() throws Exception {
      Journal journal = journal(1);
      LedgerWriter writer = writer(journal);
      Instant now = Instant.parse("2026-07-15T00:00:00Z");
      long old = RowIds.least(now.minus(Duration.ofDays(31)).toEpochMilli());
      long young = RowIds.least(now.minus(Duration.ofDays(29)).toEpochMilli());
      LongStream.range(0, 1_200).forEach(i -> journal.append(UsageRows.row(old + i, "key-a")));
      LongStream.range(0, 30).forEach(i -> journal.append(UsageRows.row(young + i, "key-a")));
      writer.close();
      try (Retention retention =
          new Retention(
              new LedgerTables(source(), LedgerTables.FEW),
              Duration.ofDays(30),
              Clock.fixed(now, ZoneOffset.UTC))) {
        assertThat(retention.prune()).isEqualTo(1_200);
      }
      assertThat(number("select count(*) from usage_ledger")).isEqualTo(30);
      assertThat(number("select sum(requests) from usage_daily")).isEqualTo(1_230);
    }
  }

  @Nested
  class OnSqlite extends Kit {

    private Path file = Path.of("");
    private @Nullable DataSource source;
    private @Nullable Connection hog;

    @BeforeEach
    void makeDatabase() throws IOException {
      file = Files.createTempDirectory("iir-sqlite");
      Database.open(new DataDirectory(file), null);
      SQLiteConfig config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setBusyTimeout(20);
      config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
      SQLiteDataSource made = new SQLiteDataSource(config);
      made.setUrl("jdbc:sqlite:" + file.resolve("iir.db"));
      source = made;
    }

    @AfterEach
    void deleteDatabase() throws IOException {
      FileSystemUtils.deleteRecursively(file);
    }

    @Override
    DataSource source() {
      return Objects.requireNonNull(source);
    }

    /** Another process writes for as long as it likes. */
    @Override
    void takeAway() throws SQLException {
      Connection writing = source().getConnection();
      writing.createStatement().execute("begin immediate");
      hog = writing;
    }

    @Override
    void bringBack() throws SQLException {
      Objects.requireNonNull(hog).close();
    }
  }

  @Nested
  class OnPostgres extends Kit {

    private static final PostgresServer SERVER = PostgresServer.start();
    private @Nullable DataSource source;

    @BeforeEach
    void makeDatabase() {
      source = Database.open(new DataDirectory(path), new Secret(SERVER.newDatabase())).source();
    }

    @AfterAll
    static void stop() {
      SERVER.close();
    }

    @Override
    DataSource source() {
      return Objects.requireNonNull(source);
    }

    @Override
    void takeAway() {
      SERVER.kill();
    }

    @Override
    void bringBack() {
      SERVER.restart();
    }

    @Test
    void aRowThatTheDatabaseRefusesHoldsUpNoOther() throws Exception {
      try (Connection connection = source().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("alter table usage_ledger add check (request_id <> 'request-5')");
      }
      Journal journal = journal(1);
      append(journal, 1, 20);
      LedgerWriter writer = writer(journal);
      writer.flush().get(20, SECONDS);
      writer.close();
      assertThat(number("select count(*) from usage_ledger")).isEqualTo(19);
      assertThat(number("select sum(requests) from usage_daily")).isEqualTo(19);
      assertThat(registry.counter("iir.usage.rows", "outcome", "lost").count()).isEqualTo(1);
    }
  }
}
