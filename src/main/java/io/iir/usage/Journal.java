package io.iir.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process's rows that are not in the database yet, in {@link Segment}s on the disk. A row is
 * appended under a short lock and without a system call: the next segment is made beforehand, by
 * another thread. Where there is none, because the disk is full or too slow, rows wait in memory.
 * Rows are taken by one thread, in the order in which they came, but for those in memory, which
 * come first. Appending is thread-safe and never blocks.
 *
 * <p>Longer than 300 lines because segments and the memory that stands in for them are one queue,
 * under one lock.
 */
final class Journal implements Ledger, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** How many rows go from memory to the disk at a time. */
  private static final int PORTION = 500;

  private final JournalDirectory directory;
  private final JournalDirectory.Lock lock;
  private final long id;
  private final int size;
  private final int mostInMemory;
  private final UsageMeters meters;
  private final AtomicBoolean preparing = new AtomicBoolean();

  /** Whether the last try to make a segment has failed: the next one is the writer's. */
  private volatile boolean warned;

  private final Object guard = new Object();
  // The fields below are read and written under the guard.
  private final ByteBuffer scratch = ByteBuffer.allocate(RowCodec.MOST_BYTES);
  private final ArrayDeque<Segment> segments = new ArrayDeque<>();
  private final ArrayDeque<UsageRow> inMemory = new ArrayDeque<>();
  private @Nullable Segment next;
  private int written;
  private long waiting;
  private int number;
  private boolean closed;

  /**
   * A journal with segments of {@code size} bytes.
   *
   * @param lock the lock on it
   * @param mostInMemory how many rows wait in memory while there is no room on the disk
   */
  Journal(
      JournalDirectory directory,
      JournalDirectory.Lock lock,
      long id,
      int size,
      int mostInMemory,
      UsageMeters meters) {
    this.directory = directory;
    this.lock = lock;
    this.id = id;
    this.size = size;
    this.mostInMemory = mostInMemory;
    this.meters = meters;
    prepare();
  }

  /** What tells it from the journals of other processes. */
  long id() {
    return id;
  }

  // ---- appending

  @Override
  public void append(UsageRow row) {
    boolean low;
    synchronized (guard) {
      RowCodec.encode(row, scratch.clear());
      Segment current = segments.peekLast();
      if (current == null || !current.append(scratch.array(), scratch.position())) {
        appendToNext(row);
      }
      waiting++;
      low = next == null && !closed;
    }
    if (low) {
      prepareBeside();
    }
  }

  private void appendToNext(UsageRow row) {
    Segment fresh = next;
    next = null;
    if (fresh != null && fresh.append(scratch.array(), scratch.position())) {
      segments.add(fresh);
    } else if (inMemory.size() < mostInMemory && !closed) {
      inMemory.add(row);
    } else {
      waiting--;
      meters.lost(1);
    }
  }

  private void prepareBeside() {
    if (!preparing.get() && !warned) {
      Thread.ofVirtual().name("usage-segment").start(this::prepare);
    }
  }

  /** Sees to it that there is a segment for the rows to come. Blocks. */
  void prepare() {
    if (!preparing.compareAndSet(false, true)) {
      return;
    }
    try {
      int at;
      synchronized (guard) {
        if (next != null || closed) {
          return;
        }
        at = ++number;
      }
      made(Segment.create(directory.segment(id, at), size));
    } catch (IOException e) {
      missing(e);
    } finally {
      preparing.set(false);
    }
  }

  private void made(Segment segment) {
    boolean late;
    synchronized (guard) {
      late = closed;
      next = late ? null : segment;
    }
    if (late) {
      delete(segment);
      return;
    }
    int saved = 0;
    int portion;
    do { // whoever appends meanwhile waits for a portion at most
      synchronized (guard) {
        portion = save(PORTION);
      }
      saved += portion;
    } while (portion == PORTION);
    if (warned) {
      warned = false;
      LOG.info(
          "the usage journal can be written again; {} rows have gone there from memory", saved);
    }
  }

  /** Puts up to {@code most} of the rows that wait in memory onto the disk; how many it did. */
  private int save(int most) {
    int saved = 0;
    while (saved < most && !inMemory.isEmpty()) {
      RowCodec.encode(inMemory.element(), scratch.clear());
      Segment current = segments.peekLast();
      if (current == null || !current.append(scratch.array(), scratch.position())) {
        Segment fresh = next;
        if (fresh == null) {
          return saved;
        }
        next = null;
        segments.add(fresh);
        if (!fresh.append(scratch.array(), scratch.position())) {
          return saved; // the disk fails
        }
      }
      inMemory.remove();
      saved++;
    }
    return saved;
  }

  private void missing(IOException why) {
    if (!warned) {
      warned = true;
      LOG.warn(
          "the usage journal in {} cannot be written: {}; up to {} rows are kept in memory until"
              + " it can, and would be lost with this process. Make room on that disk.",
          directory.path(),
          why.toString(),
          mostInMemory);
    }
  }

  // ---- taking

  /** The first rows that wait, {@code most} at most; null: none does. */
  @Nullable Batch take(int most) {
    synchronized (guard) {
      if (!inMemory.isEmpty()) {
        List<UsageRow> rows = new ArrayList<>(Math.min(most, inMemory.size()));
        while (rows.size() < most && !inMemory.isEmpty()) {
          rows.add(inMemory.remove());
        }
        return new Batch(id, rows, null, 0);
      }
    }
    Segment first = first();
    return first == null ? null : read(id, first, written, most);
  }

  /** The segment of the first row that waits; those whose rows are written are deleted. */
  private @Nullable Segment first() {
    while (true) {
      Segment done;
      synchronized (guard) {
        Segment first = segments.peek();
        if (first == null || first.end() > written) {
          return first;
        }
        if (segments.size() == 1 && !closed) {
          return null; // it is still appended to
        }
        done = segments.remove();
        written = 0;
      }
      delete(done);
    }
  }

  private static void delete(Segment segment) {
    try {
      segment.delete();
    } catch (IOException e) {
      LOG.warn("the usage journal {} cannot be deleted: {}", segment, e.toString());
    }
  }

  /** Up to {@code most} rows of {@code segment} from {@code from} on. */
  static Batch read(long journal, Segment segment, int from, int most) {
    List<UsageRow> rows = new ArrayList<>();
    int end = segment.end();
    int at = from;
    while (at < end && rows.size() < most) {
      byte[] bytes = Objects.requireNonNull(segment.bytes(at));
      UsageRow row = RowCodec.decode(ByteBuffer.wrap(bytes));
      if (row != null) {
        rows.add(row);
      }
      at += Segment.OVERHEAD + bytes.length;
    }
    return new Batch(journal, rows, segment, at);
  }

  /** The rows of {@code batch} are in the database. */
  void written(Batch batch) {
    synchronized (guard) {
      waiting -= batch.rows().size();
      if (batch.segment() != null) {
        written = batch.end();
      }
    }
  }

  /** The rows of {@code batch} are not: they will be taken again. */
  void notWritten(Batch batch) {
    if (batch.segment() == null) {
      synchronized (guard) {
        batch.rows().reversed().forEach(inMemory::addFirst);
      }
    }
  }

  /** How many rows are not in the database yet. */
  long waiting() {
    synchronized (guard) {
      return waiting;
    }
  }

  private boolean inMemoryIsEmpty() {
    synchronized (guard) {
      return inMemory.isEmpty();
    }
  }

  /**
   * Takes no more rows. Where all have been written nothing stays; otherwise the segments do, for
   * the next process.
   */
  @Override
  public void close() throws IOException {
    Segment unused;
    synchronized (guard) {
      closed = true;
      unused = next;
      next = null;
    }
    if (unused != null) {
      delete(unused);
    }
    if (first() == null && inMemoryIsEmpty()) {
      lock.delete();
      return;
    }
    List<Segment> rest;
    synchronized (guard) {
      rest = List.copyOf(segments);
      segments.clear();
      meters.lost(inMemory.size());
      inMemory.clear();
    }
    rest.forEach(Segment::close);
    lock.release();
  }
}
