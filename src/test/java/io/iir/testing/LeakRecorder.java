package io.iir.testing;

import io.netty.util.ResourceLeakDetector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Netty's leak detector, keeping what it finds. Netty uses it where the system property {@code
 * io.netty.customResourceLeakDetector} names it, as the integration tests' JVM does.
 */
public final class LeakRecorder<T> extends ResourceLeakDetector<T> {

  private static final List<String> LEAKS = new CopyOnWriteArrayList<>();

  /** As Netty makes it. */
  @SuppressWarnings("deprecation") // the one that Netty calls
  public LeakRecorder(Class<?> type, int interval, long ignored) {
    super(type, interval, ignored);
  }

  /** As Netty makes it. */
  public LeakRecorder(Class<?> type, int interval) {
    super(type, interval);
  }

  /** What was found so far. */
  public static List<String> leaks() {
    return LEAKS;
  }

  @Override
  protected boolean needReport() {
    return true;
  }

  @Override
  protected void reportTracedLeak(String type, String records) {
    LEAKS.add(type + records);
    super.reportTracedLeak(type, records);
  }

  @Override
  protected void reportUntracedLeak(String type) {
    LEAKS.add(type);
    super.reportUntracedLeak(type);
  }
}
