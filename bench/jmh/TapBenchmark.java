package io.iir.flow;

import io.iir.backend.ChatTap;
import io.iir.backend.ChatTap.UsageChunk;
import io.iir.backend.CopyRoom;
import io.iir.backend.EventCopy;
import io.iir.backend.Tally;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reading along with a stream, a chunk: what it says is told and its tokens are counted; {@code
 * copied}, it is kept for the cache, too. Each stream has 50 chunks; what a stream takes by itself
 * is shared by these.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TapBenchmark {

  private static final int CHUNKS = 50;
  private static final byte[] CHUNK =
      """
      {"id":"chatcmpl-0123456789abcdef","object":"chat.completion.chunk","created":1700000000,      "model":"m","choices":[{"index":0,"delta":{"content":" lazy"},"finish_reason":null}]}\
      """
          .getBytes(StandardCharsets.US_ASCII);

  private final CopyRoom room = new CopyRoom(1 << 20);

  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public Tally read() {
    Tally tally = new Tally(20);
    stream(new ChatTap(tally, UsageChunk.HIDDEN, "bench", 1, null));
    return tally;
  }

  @Benchmark
  @OperationsPerInvocation(CHUNKS)
  public Tally copied() {
    Tally tally = new Tally(20);
    try (EventCopy copy = new EventCopy(1 << 20, room)) {
      stream(new ChatTap(tally, UsageChunk.HIDDEN, "bench", 1, copy));
    }
    return tally;
  }

  private static void stream(ChatTap tap) {
    for (int i = 0; i < CHUNKS; i++) {
      tap.event(CHUNK, 0, CHUNK.length);
    }
  }
}
