package io.iir.usage;

import io.iir.config.UsageSettings;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the rows of the {@link Journal} into the database, on a thread of its own: first those
 * that processes before this one have left, then this one's. While the database is away it tries
 * again and again, ever more slowly, and the journal grows.
 *
 * <p>Longer than 300 lines because what is left of others, what is new and who waits for it are
 * served by one thread's loop.
 */
public final class LedgerWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** Rows that have waited longer say that the database is away or too slow. */
  private static final Duration LATE = Duration.ofSeconds(10);

  private final Journal journal;
  private final JournalDirectory directory;
  private final LedgerTables tables;
  private final UsageSettings settings;
  private final UsageMeters meters;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  // The next three are read and written under the lock.
  private final List<CompletableFuture<Void>> asked = new ArrayList<>();
  private boolean stopped;
  private boolean ended;

  private volatile long caughtUpNanos = System.nanoTime();
  private boolean leftWritten;
  private int failures;

  LedgerWriter(
      Journal journal,
      JournalDirectory directory,
      LedgerTables tables,
      UsageSettings settings,
      UsageMeters meters) {
    this.journal = journal;
    this.directory = directory;
    this.tables = tables;
    this.settings = settings;
    this.meters = meters;
    thread = Thread.ofPlatform().daemon().name("usage-ledger").unstarted(this::run);
  }

  /** Begins to write. */
  void start() {
    thread.start();
  }

  /**
   * Has all rows written that were appended before now.
   *
   * @return done when they are; fails where the database cannot be written, or the gateway stops
   */
  public CompletableFuture<Void> flush() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    lock.lock();
    try {
      if (ended) {
        done.completeExceptionally(new IllegalStateException("the usage ledger is closed"));
      } else {
        asked.add(done);
        woken.signal();
      }
    } finally {
      lock.unlock();
    }
    return done;
  }

  /**
   * Has all rows written that were appended before now, and waits for it, for some seconds at most.
   * Blocks.
   *
   * @throws ApiException 503: the database does not take them
   */
  public void writeNow() throws InterruptedException {
    try {
      flush().get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ApiException(
          ApiError.server(
              503,
              "store_unavailable",
              "the database does not take the usage of the last requests; nothing is lost, ask"
                  + " again when /health says ok"),
          Map.of("Retry-After", "5"));
    }
  }

  /** How many rows wait to be written. */
  public long waiting() {
    return journal.waiting();
  }

  /** For how long rows have waited by now; zero where none does. */
  public Duration lag() {
    return journal.waiting() == 0
        ? Duration.ZERO
        : Duration.ofNanos(System.nanoTime() - caughtUpNanos);
  }

  /** Whether rows wait for longer than they should. */
  public boolean late() {
    return lag().compareTo(LATE.plus(settings.flush())) > 0;
  }

  // ---- the thread

  private void run() {
    boolean last = false;
    while (!last) {
      List<CompletableFuture<Void>> who = new ArrayList<>();
      last = await(who);
      Throwable failure = writeAll();
      for (CompletableFuture<Void> each : who) {
        if (failure == null) {
          each.complete(null);
        } else {
          each.completeExceptionally(failure);
        }
      }
    }
  }

  /** Waits until it is time to write, for {@code who} have asked or not; whether it is the last. */
  @SuppressWarnings("WaitNotInLoop") // whoever wakes too early writes too early
  private boolean await(List<CompletableFuture<Void>> who) {
    lock.lock();
    try {
      if (asked.isEmpty() && !stopped && (leftWritten || failures > 0)) {
        woken.await(pause().toNanos(), TimeUnit.NANOSECONDS);
      }
    } catch (InterruptedException e) {
      stopped = true;
    } finally {
      who.addAll(asked);
      asked.clear();
      ended = stopped;
      lock.unlock();
    }
    return stopped;
  }

  private Duration pause() {
    Duration pause = settings.flush().multipliedBy(1L << Math.min(failures, 6));
    return failures == 0 || pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** Returns why it could not: whatever it was, the thread goes on, and tries again. */
  private @Nullable Throwable writeAll() {
    try {
      journal.prepare();
      if (!leftWritten) {
        writeLeft();
        leftWritten = true;
      }
      writeOwn();
      if (failures > 0) {
        failures = 0;
        LOG.info("the usage ledger is written again");
      }
      return null;
    } catch (Throwable e) {
      if (failures++ == 0) {
        LOG.warn(
            "the usage ledger cannot be written: {}; rows are kept in {} until it can",
            e instanceof SQLException ? String.valueOf(e.getMessage()).strip() : e.toString(),
            directory.path(),
            e instanceof SQLException ? null : e); // with its stack where nobody expects it
      }
      return e;
    }
  }

  /** Writes what waits now, not what comes meanwhile: whoever has asked is not to wait for that. */
  private void writeOwn() throws SQLException {
    long now = System.nanoTime();
    long left = journal.waiting();
    while (left > 0) {
      Batch batch = journal.take(settings.batch());
      if (batch == null) {
        break;
      }
      try {
        write(batch);
      } catch (SQLException | RuntimeException | Error e) {
        journal.notWritten(batch);
        throw e;
      }
      journal.written(batch);
      left -= batch.rows().size();
    }
    caughtUpNanos = now;
  }

  private void writeLeft() throws SQLException {
    try {
      for (long each : directory.journals()) {
        writeLeft(each);
      }
    } catch (IOException e) {
      unreadable(e);
    }
  }

  /** What cannot be read now holds up nothing else. */
  private void writeLeft(long journal) throws SQLException {
    try {
      JournalDirectory.Left left = directory.take(journal);
      if (left == null) {
        return; // its process runs
      }
      boolean done = false;
      try {
        writeLeft(left);
        done = true;
      } finally {
        if (done) {
          left.lock().delete();
        } else {
          left.lock().release();
        }
      }
    } catch (IOException e) {
      unreadable(e);
    }
  }

  private void unreadable(IOException why) {
    LOG.error(
        "rows of the usage ledger that are left in {} cannot be read: {}; the next start tries"
            + " again",
        directory.path(),
        why.toString());
  }

  private void writeLeft(JournalDirectory.Left left) throws SQLException, IOException {
    int rows = 0;
    for (Path file : left.segments()) {
      boolean torn;
      try (Segment segment = Segment.open(file)) {
        for (int at = 0; at < segment.end(); ) {
          Batch batch = read(left.journal(), segment, at);
          rows += write(batch);
          at = batch.end();
        }
        torn = segment.torn();
      }
      if (torn) {
        Path kept = file.resolveSibling(file.getFileName() + ".torn");
        Files.move(file, kept, StandardCopyOption.ATOMIC_MOVE);
        LOG.warn("a row in the usage journal is not whole, and what is behind it is in {}", kept);
      } else {
        Files.deleteIfExists(file);
      }
    }
    LOG.info("{} rows of the usage ledger have been written that a process had left", rows);
  }

  private Batch read(long journal, Segment segment, int at) throws IOException {
    try {
      return Journal.read(journal, segment, at, settings.batch());
    } catch (RuntimeException | InternalError e) { // a fault of the disk shows as the latter
      throw new IOException("the segment " + segment + " cannot be read", e);
    }
  }

  /** Writes {@code batch}; returns how many of its rows were not there before. */
  private int write(Batch batch) throws SQLException {
    List<UsageRow> rows = batch.rows();
    if (rows.isEmpty()) {
      return 0;
    }
    try {
      return count(rows.size(), tables.write(batch.journal(), rows));
    } catch (SQLException e) {
      if (!refuses(e)) {
        throw e;
      }
    }
    int fresh = 0;
    for (UsageRow row : rows) {
      try {
        fresh += count(1, tables.write(batch.journal(), List.of(row)));
      } catch (SQLException e) {
        if (!refuses(e)) {
          throw e;
        }
        LOG.error("the database refuses a row of the usage ledger: {}", e.getMessage());
        meters.lost(1);
      }
    }
    return fresh;
  }

  private int count(int rows, int fresh) {
    meters.written(fresh);
    meters.known(rows - fresh);
    return fresh;
  }

  /** Whether it is the row's own fault: a value that no column takes, a rule of the table's. */
  private static boolean refuses(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }

  /** Writes what waits, and ends; what cannot be written now, the next process writes. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      stopped = true;
      woken.signal();
    } finally {
      lock.unlock();
    }
    try {
      if (!thread.join(LONGEST_STOP)) {
        LOG.warn("the database takes too long: {} rows stay in the journal", journal.waiting());
        thread.interrupt();
        return; // the thread still reads the segments
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    journal.close();
  }
}
