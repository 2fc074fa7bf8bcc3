package io.iir.rules;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the rules' content again and again, and has it applied when it was the same for a while:
 * a file that is being written is left alone. Content and not events, for those of a folder miss
 * the swap of a symbolic link, by which Kubernetes changes a ConfigMap.
 */
final class RuleWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RuleWatch.class);

  /** What was refused is tried again: a model that it names may be there by now. */
  private static final long RETRY_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final RuleFolder folder;
  private final RuleBook book;
  private final ScheduledExecutorService thread;
  private final Duration poll;
  private final long settleNanos;
  private @Nullable ScheduledFuture<?> polling;
  private Map<String, String> seen = Map.of();
  private long sinceNanos;
  private boolean settled;
  private long retriedNanos;

  /** Looks every {@code poll}; what was the same for {@code settle} is applied. */
  RuleWatch(
      RuleFolder folder,
      RuleBook book,
      ScheduledExecutorService thread,
      Duration poll,
      Duration settle) {
    this.folder = folder;
    this.book = book;
    this.thread = thread;
    this.poll = poll;
    this.settleNanos = settle.toNanos();
  }

  void start() {
    long nanos = poll.toNanos();
    polling = thread.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    try {
      Map<String, RuleFile> files = folder.read(book.known());
      Map<String, String> now = hashes(files);
      long time = System.nanoTime();
      if (!now.equals(seen)) {
        seen = now;
        sinceNanos = time;
        settled = false;
      } else if (!settled && time - sinceNanos >= settleNanos) {
        book.look(files);
        settled = true;
        retriedNanos = time;
      } else if (settled && time - retriedNanos >= RETRY_NANOS) {
        retriedNanos = time;
        book.retry(files);
      }
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      LOG.error("looking at the rules in {}", folder.path(), e); // the next look may do
    }
  }

  private static Map<String, String> hashes(Map<String, RuleFile> files) {
    Map<String, String> hashes = new TreeMap<>();
    files.forEach((id, file) -> hashes.put(id, file.shipped() ? "" : file.hash()));
    return hashes;
  }

  @Override
  public void close() {
    if (polling != null) {
      polling.cancel(false);
    }
  }
}
