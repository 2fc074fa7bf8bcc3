package io.iir.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

class JournalTest {

  private static final int SIZE = 8 << 10;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path path = Path.of("");
  private JournalDirectory directory = new JournalDirectory(path);

  @BeforeEach
  @BeforeTry
  void makeDirectory() throws IOException {
    path = Files.createTempDirectory("iir-journal");
    directory = new JournalDirectory(path);
  }

  @AfterEach
  @AfterTry
  void deleteDirectory() throws IOException {
    FileSystemUtils.deleteRecursively(path);
  }

  private Journal open(long id, int size, int mostInMemory) throws IOException {
    JournalDirectory.Lock lock = Objects.requireNonNull(directory.tryLock(id));
    return new Journal(directory, lock, id, size, mostInMemory, new UsageMeters(registry));
  }

  @Provide
  Arbitrary<UsageRow> rows() {
    Arbitrary<String> text = Arbitraries.strings().ofMaxLength(60).excludeChars('\0');
    Arbitrary<Long> number = Arbitraries.longs().greaterOrEqual(0);
    return Combinators.combine(
            Combinators.combine(number, number, number, number, Arbitraries.longs())
                .as((a, b, c, d, e) -> List.of(a, b, c, d, e)),
            text,
            text,
            text.injectNull(0.3),
            text.injectNull(0.3),
            text.injectNull(0.3),
            Arbitraries.integers().between(100, 599),
            Arbitraries.longs().between(0, 4_000_000_000_000L))
        .as((numbers, requestId, keyId, team, model, cache, status, at) ->
            new UsageRow(
                numbers.get(0),
                Instant.ofEpochMilli(at),
                requestId,
                keyId,
                team,
                "chat-completions",
                model,
                numbers.get(1),
                numbers.get(2),
                numbers.get(3),
                numbers.get(4),
                status,
                "success",
                cache,
                17,
                -1,
                model == null
                    ? null
                    : new Classified(keyId, status / 600.0, requestId, team, cache)));
  }

  @Property(tries = 200)
  void aRowComesBackAsItWas(@ForAll("rows") UsageRow row) {
    ByteBuffer bytes = ByteBuffer.allocate(RowCodec.MOST_BYTES);
    RowCodec.encode(row, bytes);
    assertThat(RowCodec.decode(bytes.flip())).isEqualTo(row);
  }

  @Test
  void longTextsAreCutAndHaveNoNul() {
    ByteBuffer bytes = ByteBuffer.allocate(RowCodec.MOST_BYTES);
    RowCodec.encode(UsageRows.row(1, "k\0" + "ü".repeat(70_000)), bytes);
    UsageRow back = Objects.requireNonNull(RowCodec.decode(bytes.flip()));
    assertThat(back.keyId()).isEqualTo("k" + "ü".repeat(999));
  }

  /** The process is killed: its segments stay as they are, the last one is cut anywhere. */
  @Property(tries = 60)
  void whatWasWrittenWholeIsReadWhereverTheFileIsCut(
      @ForAll @IntRange(min = 1, max = 120) int count,
      @ForAll @IntRange(max = SIZE) int cut,
      @ForAll @IntRange(max = 255) int flipped)
      throws IOException {
    try (Segment segment = Segment.create(path.resolve("s"), SIZE)) {
      List<Integer> ends = new ArrayList<>();
      List<UsageRow> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        UsageRow row = UsageRows.row(i + 1, "key-" + i % 3);
        if (append(segment, row)) {
          all.add(row);
          ends.add(segment.end());
        }
      }
      int end = segment.end();
      int kept = Math.min(cut, end);
      try (FileChannel file = FileChannel.open(path.resolve("s"), StandardOpenOption.WRITE)) {
        // Zeros, as in a page that was never written, behind one byte that was written wrong.
        ByteBuffer zeros = ByteBuffer.allocate(SIZE - kept);
        zeros.put(0, kept < SIZE ? (byte) flipped : 0);
        file.write(kept < SIZE ? zeros : ByteBuffer.allocate(0), kept);
      }
      try (Segment left = Segment.open(path.resolve("s"))) {
        int whole = (int) ends.stream().filter(at -> at <= kept).count();
        List<UsageRow> read = Journal.read(1, left, 0, 1000).rows();
        assertThat(read.size()).isBetween(whole, whole + 1); // the byte may be the right one
        assertThat(read).isEqualTo(all.subList(0, read.size()));
      }
    }
  }

  private static boolean append(Segment segment, UsageRow row) {
    ByteBuffer bytes = ByteBuffer.allocate(RowCodec.MOST_BYTES);
    RowCodec.encode(row, bytes);
    return segment.append(bytes.array(), bytes.position());
  }

  @Test
  void aTornRowIsLeftOutAndSeen() throws IOException {
    try (Segment segment = Segment.create(path.resolve("s"), SIZE)) {
      append(segment, UsageRows.row(1, "a"));
      int first = segment.end();
      append(segment, UsageRows.row(2, "b"));
      try (FileChannel file = FileChannel.open(path.resolve("s"), StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.wrap(new byte[] {9, 9, 9}), segment.end() - 3);
      }
      try (Segment left = Segment.open(path.resolve("s"))) {
        assertThat(left.end()).isEqualTo(first);
        assertThat(left.torn()).isTrue();
      }
    }
  }

  @Test
  void rowsOfManyThreadsAreAllTakenOnceOverManySegments() throws Exception {
    Set<Long> seen = new HashSet<>();
    int threads = 8;
    int each = 2_000;
    try (Journal journal = open(7, SIZE, threads * each);
        ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
      RowIds ids = new RowIds(java.time.Clock.systemUTC(), 7);
      for (int t = 0; t < threads; t++) {
        many.execute(() -> {
          for (int i = 0; i < each; i++) {
            journal.append(UsageRows.row(ids.next(), "key"));
          }
        });
      }
      await()
          .atMost(20, TimeUnit.SECONDS)
          .pollInterval(1, TimeUnit.MILLISECONDS) // a take gives no more than a segment
          .until(() -> {
            Batch batch = journal.take(300);
            if (batch != null) {
              batch.rows().forEach(row -> assertThat(seen.add(row.id())).isTrue());
              journal.written(batch);
            }
            return seen.size() == threads * each;
          });
      assertThat(journal.take(1)).isNull();
      assertThat(journal.waiting()).isZero();
    }
    try (var left = Files.list(path)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void whatIsTakenAndNotWrittenIsTakenAgain() throws IOException {
    try (Journal journal = open(7, SIZE, 10)) {
      journal.append(UsageRows.row(1, "a"));
      Batch batch = Objects.requireNonNull(journal.take(10));
      journal.notWritten(batch);
      assertThat(Objects.requireNonNull(journal.take(10)).rows()).isEqualTo(batch.rows());
    }
    JournalDirectory.Left left = Objects.requireNonNull(directory.take(7)); // it was never written
    assertThat(left.segments()).hasSize(1);
    left.lock().release();
  }

  @Test
  void rowsWaitInMemoryWhileTheDiskHasNoRoom() throws IOException {
    Path gone = path.resolve("gone");
    Files.createDirectory(gone);
    JournalDirectory.Lock lock = Objects.requireNonNull(new JournalDirectory(gone).tryLock(1));
    FileSystemUtils.deleteRecursively(gone);
    try (Journal journal =
        new Journal(new JournalDirectory(gone), lock, 1, SIZE, 3, new UsageMeters(registry))) {
      for (int i = 1; i <= 5; i++) {
        journal.append(UsageRows.row(i, "a"));
      }
      assertThat(journal.waiting()).isEqualTo(3);
      assertThat(registry.counter("iir.usage.rows", "outcome", "lost").count()).isEqualTo(2);

      Files.createDirectory(gone);
      journal.prepare();
      Batch batch = Objects.requireNonNull(journal.take(10));
      assertThat(batch.segment()).isNotNull();
      assertThat(batch.rows().stream().map(UsageRow::id)).containsExactly(1L, 2L, 3L);
      journal.written(batch);
      assertThat(journal.waiting()).isZero();
    }
  }

  @Test
  void theJournalOfARunningProcessIsNotTaken() throws IOException {
    try (Journal journal = open(7, SIZE, 10)) {
      journal.append(UsageRows.row(1, "a"));
      assertThat(directory.journals()).containsExactly(7L);
      assertThat(directory.take(7)).isNull();
      assertThat(directory.take(7)).isNull();
    }
  }

  /** Another process: says whether it gets the journal. */
  static final class Other {

    private Other() {}

    /** Asks for the journal 7 in the directory {@code args[0]}. */
    public static void main(String[] args) throws IOException {
      JournalDirectory directory = new JournalDirectory(Path.of(args[0]));
      System.out.print(directory.take(7) == null ? "held" : "taken");
    }
  }

  private String asOther() throws IOException {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Other.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** It looks for what others have left, too, and must not give up its own lock by that. */
  @Test
  void anotherProcessTakesTheJournalOnlyWhenThisOneHasLeftIt() throws IOException {
    try (Journal journal = open(7, SIZE, 10)) {
      journal.append(UsageRows.row(1, "a"));
      for (long each : directory.journals()) {
        assertThat(directory.take(each)).isNull();
      }
      assertThat(asOther()).isEqualTo("held");
    }
    assertThat(asOther()).isEqualTo("taken");
  }
}
