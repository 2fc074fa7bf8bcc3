package io.iir.classify.encoder;

import io.iir.classify.SecondStage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A second stage in the encoder's place, that can be held up and can fail. */
public final class FakeStage implements SecondStage {

  /** The first stage's version that it is for. */
  public static final String BESIDE = "1-3fa9c12b";

  /** What it says of each text. */
  public static final List<Double> SCORES = List.of(0.0, 0.0, 0.0, 0.0, 100.0, 0.0, 0.0, 0.0);

  public final List<String> texts = new CopyOnWriteArrayList<>();
  public final List<String> threads = new CopyOnWriteArrayList<>();
  public volatile CountDownLatch opens = new CountDownLatch(0);
  public volatile CountDownLatch answers = new CountDownLatch(0);
  public volatile @Nullable IOException openFails;
  public volatile @Nullable RuntimeException fails;
  public volatile boolean closed;

  @Override
  public void open() throws IOException {
    await(opens);
    IOException failure = openFails;
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public double[] scores(String text) {
    texts.add(text);
    threads.add(Thread.currentThread().getName());
    await(answers);
    RuntimeException failure = fails;
    if (failure != null) {
      throw failure;
    }
    return SCORES.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Override
  public String fittedBeside() {
    return BESIDE;
  }

  @Override
  public double firstWeight() {
    return 1;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
