package io.iir.usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A row of the ledger: {@code encode}, its bytes; {@code append}, they are put into a segment of 4
 * MB, of which a new one is made when it is full (the gateway does that on another thread).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RowBenchmark {

  private static final int SIZE = 4 << 20;

  private final ByteBuffer scratch = ByteBuffer.allocate(RowCodec.MOST_BYTES);
  private Path folder;
  private Segment segment;
  private int number;
  private UsageRow row;

  @Setup
  public void prepare() throws IOException {
    folder = Files.createTempDirectory("iir-jmh");
    segment = next();
    row =
        new UsageRow(
            1L << 40,
            Instant.now(),
            "0f8fad5bd9cb469fa165708676f1a7c2",
            "key_1",
            "search",
            "chat-completions",
            "bench/m",
            93,
            0,
            25,
            123_456,
            200,
            "success",
            "miss",
            1,
            -1,
            new Classified("general_chat", 0.25, "trained-1", null, null));
  }

  @TearDown
  public void clean() throws IOException {
    segment.delete();
    Files.delete(folder);
  }

  private Segment next() throws IOException {
    return Segment.create(folder.resolve(Integer.toString(number++)), SIZE);
  }

  @Benchmark
  public ByteBuffer encode() {
    RowCodec.encode(row, scratch.clear());
    return scratch;
  }

  @Benchmark
  public int append() throws IOException {
    RowCodec.encode(row, scratch.clear());
    while (!segment.append(scratch.array(), scratch.position())) {
      segment.delete();
      segment = next();
    }
    return segment.end();
  }
}
