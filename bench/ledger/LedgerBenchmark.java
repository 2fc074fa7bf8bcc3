package io.iir.usage;

import io.iir.config.UsageSettings;
import io.iir.store.DataDirectory;
import io.iir.store.Database;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a ledger on SQLite with a month of rows, and measures what a row costs the request that it
 * is of. Arguments: the data directory, how many rows.
 */
final class LedgerBenchmark {

  private static final int KEYS = 200;
  private static final int TEAMS = 10;
  private static final int MODELS = 20;
  private static final int BATCH = 1_000;
  private static final int APPENDS = 200_000;

  private LedgerBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    int rows = Integer.parseInt(arguments[1]);
    Database database = Database.open(new DataDirectory(data), null);
    append(data, database);
    fill(database, rows);
    System.exit(0);
  }

  /** On this thread, while the writer writes on its own. */
  private static void append(Path data, Database database) throws Exception {
    Path path = data.resolve("bench");
    Files.createDirectories(path);
    JournalDirectory directory = new JournalDirectory(path);
    UsageMeters meters = new UsageMeters(new SimpleMeterRegistry());
    JournalDirectory.Lock lock = directory.tryLock(1);
    Journal journal = new Journal(directory, lock, 1, 4 << 20, 100_000, meters);
    Database other =
        Database.open(new DataDirectory(Files.createDirectories(data.resolve("other"))), null);
    LedgerWriter writer =
        new LedgerWriter(
            journal,
            directory,
            new LedgerTables(other.source(), LedgerTables.FEW),
            new UsageSettings(BATCH, Duration.ofMillis(200), Duration.ofDays(400)),
            meters);
    writer.start();
    RowIds ids = new RowIds(Clock.systemUTC(), 1);
    for (int round = 1; round <= 5; round++) {
      List<UsageRow> some = new ArrayList<>();
      for (int i = 0; i < APPENDS / 10; i++) {
        some.add(row(ids.next(), i, Instant.now()));
      }
      long before = System.nanoTime();
      for (UsageRow row : some) {
        journal.append(row);
      }
      System.out.printf(
          "- append, round %d: %d ns a row%n", round, (System.nanoTime() - before) / some.size());
      writer.flush().get();
    }
    writer.close();
  }

  private static void fill(Database database, int rows) throws Exception {
    LedgerTables tables = new LedgerTables(database.source(), LedgerTables.FEW);
    long month =
        LocalDate.now(ZoneOffset.UTC)
            .withDayOfMonth(1)
            .atStartOfDay(ZoneOffset.UTC)
            .toInstant()
            .toEpochMilli();
    long step = Duration.ofDays(28).toMillis() * 1_000 / rows;
    long before = System.nanoTime();
    for (int from = 0; from < rows; from += BATCH) {
      List<UsageRow> batch = new ArrayList<>(BATCH);
      for (int i = from; i < Math.min(rows, from + BATCH); i++) {
        long at = month + i * step / 1_000;
        batch.add(row(RowIds.least(at) + i % 4_096, i, Instant.ofEpochMilli(at)));
      }
      tables.write(7, batch);
    }
    double seconds = (System.nanoTime() - before) / 1e9;
    System.out.printf(
        "- %d rows written in %.1f s: %.0f a second%n", rows, seconds, rows / seconds);
  }

  private static UsageRow row(long id, int i, Instant at) {
    int key = Math.floorMod(i * 7919, KEYS);
    return new UsageRow(
        id,
        at,
        "0f8fad5bd9cb469fa165708" + i,
        "key_" + key,
        "team-" + key % TEAMS,
        "chat-completions",
        "openai/model-" + Math.floorMod(i * 31, MODELS),
        900 + i % 200,
        i % 100,
        150 + i % 50,
        123_456 + i,
        200,
        "success",
        "miss",
        800 + i % 300,
        120);
  }
}
