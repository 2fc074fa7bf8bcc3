package io.iir.throttle.shared;

import io.iir.redis.Redis;
import io.iir.redis.RedisUnavailableException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes this gateway known to what Redis keeps of limits, and tells a Redis which does not know it
 * what it holds and what it used within the last minute. Thread-safe.
 */
final class Membership {

  private static final Pattern RUN = Pattern.compile("(?m)^run_id:(\\w+)");

  private final Redis redis;
  private final Scripts scripts;
  private final String replica;
  private final byte[] replicaWord;
  private final Subjects subjects;
  private final Uncounted uncounted;
  private final Set<Grant> held = ConcurrentHashMap.newKeySet();
  private final AtomicLong batches = new AtomicLong();
  private final LongAdder joins = new LongAdder();
  private volatile @Nullable Generation current;
  private @Nullable CompletableFuture<Generation> joining;

  Membership(Redis redis, Scripts scripts, String replica, Subjects subjects, Uncounted uncounted) {
    this.uncounted = uncounted;
    this.redis = redis;
    this.scripts = scripts;
    this.replica = replica;
    this.replicaWord = Words.of(replica);
    this.subjects = subjects;
  }

  byte[] replica() {
    return replicaWord;
  }

  /** The generation that holds as far as is known; null: this gateway has not joined one. */
  @Nullable Generation current() {
    return current;
  }

  /** How often it joined. */
  long joins() {
    return joins.sum();
  }

  /** A number for a batch that Redis is to take once. */
  long nextBatch() {
    return batches.incrementAndGet();
  }

  /** A request holds {@code grant} from now on. */
  void holds(Grant grant) {
    held.add(grant);
  }

  /** It does no longer. */
  void ends(Grant grant) {
    held.remove(grant);
  }

  /** Finds out which generation holds, and joins it; once at a time. */
  synchronized CompletableFuture<Generation> join() {
    CompletableFuture<Generation> open = joining;
    if (open == null || open.isDone()) {
      open =
          redis
              .<String>call(commands -> commands.info("server"))
              .thenCompose(info -> join(runOf(info)));
      joining = open;
    }
    return open;
  }

  private static String runOf(@Nullable String info) {
    Matcher matcher = RUN.matcher(info == null ? "" : info);
    if (!matcher.find()) {
      throw new RedisUnavailableException("it does not tell its run_id");
    }
    return matcher.group(1);
  }

  private CompletableFuture<Generation> join(String run) {
    Generation known = current;
    Generation next = new Generation(run, replica);
    Generation generation = known != null && known.name.equals(next.name) ? known : next;
    // What was spent in an earlier generation, this one hears of from the ledger alone.
    CompletableFuture<Void> flushed =
        generation == next ? uncounted.flush() : CompletableFuture.completedFuture(null);
    return flushed
        .thenCompose(any ->
            redis.run(
                scripts.join(),
                new byte[][] {Generation.KEY},
                new byte[][] {generation.nameWord},
                late -> {}))
        .thenCompose(answer -> tell(generation));
  }

  /** Tells what this gateway used and holds, if that is not known there. */
  private CompletableFuture<Generation> tell(Generation generation) {
    Batch batch = new Batch(generation, replicaWord, nextBatch());
    for (SharedSubject subject : subjects.all()) {
      subject.eachRecent(
          (second, requests, tokens) -> batch.window(subject, second, requests, tokens));
    }
    held.forEach(batch::grant);
    return redis
        .run(scripts.merge(), batch.keys(), batch.wordsIfUnknown(), late -> {})
        .thenApply(answer -> joined(generation, answer));
  }

  private Generation joined(Generation generation, List<Object> answer) {
    if (new Answer(answer).code() != Answer.DONE) {
      throw new RedisUnavailableException("it was started anew in between");
    }
    current = generation; // not before: the end of a grant that was told has to come after it
    joins.increment();
    return generation;
  }
}
