package io.iir.classify.encoder.onnx;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the second stage takes of a text, from its characters to its categories' scores. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 4)
@Fork(1)
public class EncoderBenchmark {

  /** Words of one token each. */
  private static final String[] WORDS = {
    "write", "the", "house", "about", "python", "river", "seven", "letter", "music", "city",
    "water", "number", "summer", "story", "market", "green", "paper", "light", "road", "school"
  };

  /** How many tokens the text has, without the two marks around it. */
  @Param({"30", "64", "128", "500", "10000"})
  public int tokens;

  private EncoderStage stage;
  private String[] texts;
  private int next;

  @Setup
  public void open() throws IOException {
    stage = new EncoderStage();
    stage.open();
    texts = new String[16];
    for (int i = 0; i < texts.length; i++) {
      StringBuilder text = new StringBuilder();
      for (int word = 0; word < tokens; word++) {
        text.append(WORDS[(i + word * (1 + i % 7)) % WORDS.length]).append(' ');
      }
      texts[i] = text.toString();
    }
  }

  @TearDown
  public void close() {
    stage.close();
  }

  @Benchmark
  public double[] scores() {
    return stage.scores(texts[next++ & 15]);
  }
}
