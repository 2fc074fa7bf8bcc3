package io.iir.rules;

import io.iir.metrics.FlowMeters;
import io.iir.rules.RuleVersion.Source;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules that are live, and how they change: a text that has changed is checked and proven, then
 * all rules are swapped at once; a text that is wrong leaves everything as it is. Thread-safe.
 * Changing blocks.
 */
final class RuleBook {

  private static final Logger LOG = LoggerFactory.getLogger(RuleBook.class);

  private final RuleFolder folder;
  private final RuleHistory history;
  private final RuleLibrary library;
  private final Prover prover;
  private final LiveSets sets;
  private final FlowMeters meters;
  private final Clock clock;
  private final Refusals refusals = new Refusals();
  private final FolderChanges changes = new FolderChanges(refusals);
  private final ReentrantLock changing = new ReentrantLock();
  private volatile Map<String, LiveRule> live = Map.of();
  private Map<String, LiveRule> before = Map.of();
  private volatile Map<String, LiveRule> shipped = Map.of();

  RuleBook(
      RuleFolder folder,
      RuleHistory history,
      RuleLibrary library,
      Prover prover,
      LiveSets sets,
      FlowMeters meters,
      Clock clock) {
    this.folder = folder;
    this.history = history;
    this.library = library;
    this.prover = prover;
    this.sets = sets;
    this.meters = meters;
    this.clock = clock;
  }

  /** The rules that are live, by id. */
  Map<String, LiveRule> live() {
    return live;
  }

  /** Ids that are rules even if their file no longer says so. */
  Set<String> known() {
    return changes.known(live);
  }

  /** The rules that ship with the gateway, by id. */
  Map<String, LiveRule> shipped() {
    return shipped;
  }

  /** The files that are not what decides. */
  Refusals refusals() {
    return refusals;
  }

  /**
   * Starts the rules: those of the folder, in the place of a broken one its last good text, or the
   * shipped one.
   */
  void boot() {
    changing.lock();
    try {
      shipped = library.read(folder.shipped().values(), Set.of(), null);
      prover.prove(RuleLibrary.rules(shipped));
      sets.startShipped(RuleLibrary.rules(shipped));
      live = shipped;
      Map<String, RuleFile> own = new TreeMap<>(folder.read(Set.of()));
      own.values().removeIf(RuleFile::shipped);
      own.values().forEach(this::refuseIfTakenBack);
      apply(changes.changed(live, own, refused -> false), null);
      refusals.rules().forEach(id -> useLastGood(id, own));
      if (!sets.running()) {
        sets.use(RuleLibrary.rules(live));
      }
      live = library.recorded(live, Source.SHIPPED, null);
    } catch (InvalidRuleException e) {
      throw new IllegalStateException("the rules that ship with the gateway are broken", e);
    } finally {
      changing.unlock();
    }
  }

  /** A text that was taken back is not tried again because of a restart. */
  private void refuseIfTakenBack(RuleFile file) {
    List<Problem> why = history.whyTakenBack(file);
    if (why != null) {
      refusals.refuse(file.id(), file.hash(), why, true);
    }
  }

  private void useLastGood(String id, Map<String, RuleFile> own) {
    RuleFile broken = own.get(id);
    RuleVersion good = broken == null ? null : history.lastGood(id, broken.hash());
    boolean used = good != null && accept(List.of(good.toFile()), Source.LAST_GOOD, null) == null;
    LOG.error(
        "######## STARTED WITH {} IN THE PLACE OF {}. Mend the file: it is picked up without a"
            + " restart.",
        used ? "THE LAST GOOD TEXT" : live.containsKey(id) ? "THE SHIPPED TEXT" : "NOTHING",
        id + RuleFile.SUFFIX);
  }

  /** Applies what has changed; {@code files} is what is in the folder, by id. */
  void look(Map<String, RuleFile> files) {
    change(files, refusal -> false, null);
  }

  /**
   * Looks at the folder, and also again at what was refused or taken back before.
   *
   * @param author the id of the key that asks for it
   */
  void reload(String author) {
    change(folder.read(known()), refusal -> true, author);
  }

  private void change(
      Map<String, RuleFile> files, Predicate<Refusals.Refusal> again, @Nullable String author) {
    changing.lock();
    try {
      if (apply(changes.changed(live, files, again), author)) {
        // What was refused may have been so for the want of what has come now.
        apply(changes.changed(live, files, refusal -> !refusal.rolledBack()), author);
      }
    } finally {
      changing.unlock();
    }
  }

  /**
   * Takes back the text of the rule {@code id}: the one before it decides from now on.
   *
   * @param author the id of the key that asks for it
   * @return null if it was done; else why not
   */
  @Nullable List<Problem> rollBack(String id, String author) {
    changing.lock();
    try {
      LiveRule now = live.get(id);
      RuleFile earlier = now == null ? null : library.earlier(now.version());
      if (now == null || earlier == null) {
        return List.of();
      }
      List<Problem> why = accept(List.of(earlier), Source.ROLLBACK, author);
      if (why == null) {
        takenBack(now.version(), "was rolled back by " + author);
      }
      return why;
    } finally {
      changing.unlock();
    }
  }

  /** Rules that fail too often are taken back; {@code failing} is what they run in. */
  void takeBack(RuleSet failing) {
    changing.lock();
    try {
      if (!sets.isCurrent(failing)) {
        return;
      }
      Map<String, LiveRule> bad = live;
      Map<String, LiveRule> good =
          new TreeMap<>(sets.usePrevious() ? before : library.lastGood(live, shipped));
      good.replaceAll((id, rule) -> rule.isSame(bad.get(id)) ? rule : rule.again(clock.instant()));
      sets.use(RuleLibrary.rules(good));
      before = Map.of();
      live = library.recorded(good, Source.ROLLBACK, null);
      bad.forEach((id, rule) -> {
        if (!rule.isSame(live.get(id))) {
          takenBack(rule.version(), why(failing));
        }
      });
    } catch (InvalidRuleException e) {
      LOG.error("the rules before cannot be started again", e);
    } finally {
      changing.unlock();
    }
  }

  private void takenBack(RuleVersion version, String why) {
    Problem problem =
        new Problem(
            version.file(),
            0,
            0,
            "version %d %s".formatted(version.number(), why),
            "the file still holds it: change it, or POST /api/v1/rules/reload to use it again");
    history.takenBack(version, List.of(problem));
    refusals.refuse(version.rule(), version.hash(), List.of(problem), true);
    meters.ruleRolledBack(version.rule());
    LOG.error("######## ROLLED BACK: {}", problem);
  }

  private static String why(RuleSet failing) {
    Failure last = failing.lastFailure();
    return "failed for %d of %d requests and was rolled back%s"
        .formatted(
            failing.failures(),
            failing.decisions(),
            last == null ? "" : ", the last time because " + last.message());
  }

  /**
   * Applies all files together, or where that does not work as many as do, one by one; tells
   * whether any was.
   */
  private boolean apply(Map<String, RuleFile> files, @Nullable String author) {
    if (files.isEmpty()) {
      return false;
    }
    Map<String, List<Problem>> why = new TreeMap<>();
    Map<String, RuleFile> open = new TreeMap<>(files);
    List<Problem> together = accept(List.copyOf(files.values()), Source.FILE, author);
    if (together == null) {
      return true;
    }
    open.keySet().forEach(id -> why.put(id, together));
    boolean more = open.size() > 1;
    while (more) {
      more =
          open.values()
              .removeIf(file -> {
                List<Problem> problems = accept(List.of(file), Source.FILE, author);
                why.put(file.id(), problems == null ? List.of() : problems);
                return problems == null;
              });
    }
    open.values().forEach(file -> refuse(file, why.getOrDefault(file.id(), List.of()), author));
    return open.size() < files.size();
  }

  /** Makes {@code files} live, all or none; returns null, or what is wrong. */
  private @Nullable List<Problem> accept(
      List<RuleFile> files, Source source, @Nullable String author) {
    Map<String, LiveRule> next = new TreeMap<>(live);
    try {
      next.putAll(library.read(files, live.keySet(), author));
      prover.prove(RuleLibrary.rules(next));
      sets.use(RuleLibrary.rules(next));
    } catch (InvalidRuleException e) {
      return e.problems();
    }
    before = live;
    live = library.recorded(next, source, author);
    for (RuleFile file : files) {
      if (source == Source.FILE) {
        refusals.clear(file.id());
      }
      meters.ruleAccepted(file.id());
      LOG.info("{} is live: {}", file, source);
    }
    return null;
  }

  private void refuse(RuleFile file, List<Problem> why, @Nullable String author) {
    boolean news = !refusals.isRefused(file.id(), file.hash());
    refusals.refuse(file.id(), file.hash(), why, false);
    if (news) {
      history.refused(RuleVersion.of(file, clock.instant(), author).refused(why));
      meters.ruleRejected(file.id());
      StringBuilder text = new StringBuilder("REFUSED: the rules stay as they are");
      why.forEach(problem -> text.append("\n    ").append(problem));
      LOG.error("{}", text);
    }
  }
}
