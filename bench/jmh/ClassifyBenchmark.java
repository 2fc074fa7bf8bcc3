package io.iir.flow;

import io.iir.classify.Classification;
import io.iir.classify.Classifier;
import io.iir.classify.ModelFile;
import io.iir.classify.RequestShape;
import java.io.IOException;
import java.nio.file.Files;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the first stage takes of a request, by the text's length and script: {@code trained} as the
 * gateway does it, the model mapped into memory; {@code rules} without a model.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ClassifyBenchmark {

  /** Prompts, of which texts of any length are made. */
  private static final String[] ENGLISH = {
    "Can you explain why the sky turns red in the evening? ",
    "Write a Python function that merges two sorted lists without recursion.\n",
    "I moved to Lisbon last May; my landlord (he's fine, really) raises the rent by 12.5%. ",
    "Summarize the minutes below: budget approved, launch moved to 3 July, Ana owns \"pricing\". ",
    "| region | sales |\n| north | 1,204 |\n| south | 988 |\n"
  };

  private static final String[] CHINESE = {
    "请解释为什么傍晚的天空会变红？",
    "用Python写一个函数，合并两个有序列表。",
    "我去年五月搬到了里斯本，房东把房租涨了12.5%，我该怎么办？",
    "总结下面的会议记录：预算通过，发布日期改到七月三日。"
  };

  /** The text's length in characters. */
  @Param({"30", "300", "1000", "10000", "1000000"})
  public int length;

  /** The text's script. */
  @Param({"latin", "han"})
  public String script;

  private Classifier trained;
  private Classifier rules;
  private String[] texts;
  private int next;

  @Setup
  public void prepare() throws IOException {
    trained = new Classifier(ModelFile.shipped(Files.createTempDirectory("bench")));
    rules = new Classifier();
    String[] parts = script.equals("han") ? CHINESE : ENGLISH;
    texts = new String[64];
    for (int i = 0; i < texts.length; i++) {
      StringBuilder text = new StringBuilder();
      for (int part = i; text.length() < length; part += 1 + i % 3) {
        text.append(parts[part % parts.length]).append(part);
      }
      texts[i] = text.substring(0, length);
    }
  }

  @Benchmark
  public Classification trained() {
    return trained.classify(texts[next++ & 63], RequestShape.PLAIN);
  }

  @Benchmark
  public Classification rules() {
    return rules.classify(texts[next++ & 63], RequestShape.PLAIN);
  }
}
