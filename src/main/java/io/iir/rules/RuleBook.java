package io.iir.rules;

import io.iir.metrics.FlowMeters;
import io.iir.rules.RuleVersion.Source;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.time.Clock;
import java.util.Collection;
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
 *
 * <p>Longer than 300 lines because all that changes what is live is here, under one lock.
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

  /** The rules that ship with the gateway, by id. */
  Map<String, LiveRule> shipped() {
    return shipped;
  }

  /** Ids that are rules even if their file no longer says so. */
  Set<String> known() {
    return changes.known(live);
  }

  /** Whether {@code id} is a rule, or was one before the last restart. */
  boolean everKnown(String id) {
    return known().contains(id) || history.rules().contains(id);
  }

  /** The files that are not what decides. */
  Refusals refusals() {
    return refusals;
  }

  /**
   * Starts the rules: those of the folder, in the place of one that is broken or was taken back its
   * last good text, or the shipped one.
   */
  void boot() {
    changing.lock();
    try {
      shipped = library.read(folder.shipped().values(), Set.of(), Source.SHIPPED, null);
      prover.prove(RuleLibrary.rules(shipped));
      sets.startShipped(RuleLibrary.rules(shipped));
      live = shipped;
      Map<String, RuleFile> files = folder.read(history.rules());
      files.values().forEach(this::rememberTakenBack);
      apply(changes.changed(live, files, refused -> false), null);
      if (!refusals.rules().isEmpty()) {
        useLastGood();
        apply(changes.changed(live, files, refused -> !refused.rolledBack()), null);
      }
      if (!sets.running()) {
        sets.use(live);
      }
      live = library.recorded(live, Source.SHIPPED, null);
      refusals.rules().forEach(this::warn);
    } catch (InvalidRuleException e) {
      throw new IllegalStateException("the rules that ship with the gateway are broken", e);
    } finally {
      changing.unlock();
    }
  }

  /** A text that was taken back is not tried again because of a restart. */
  private void rememberTakenBack(RuleFile file) {
    List<Problem> why = history.whyTakenBack(file);
    if (why != null) {
      refusals.takeBack(file.id(), file.hash(), why);
    }
  }

  private void useLastGood() {
    Map<String, RuleFile> good = new TreeMap<>();
    for (String id : refusals.rules()) {
      RuleVersion last = history.lastGood(id);
      if (last != null) {
        good.put(id, last.toFile());
      }
    }
    acceptMost(good, Source.LAST_GOOD, null);
  }

  private void warn(String id) {
    LiveRule rule = live.get(id);
    LOG.error(
        "######## STARTED WITH {} IN THE PLACE OF {}. Mend the file: it is picked up without a"
            + " restart.",
        rule == null ? "NOTHING" : rule.version().source(),
        id + RuleFile.SUFFIX);
  }

  /** Applies what has changed; {@code files} is what is in the folder, by id. */
  void look(Map<String, RuleFile> files) {
    change(files, refusal -> false, null);
  }

  /** As {@link #look}, but what was refused is tried again: a model may be there by now. */
  void retry(Map<String, RuleFile> files) {
    if (!refusals.rules().isEmpty()) {
      change(files, refusal -> !refusal.rolledBack(), null);
    }
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
      RuleFile earlier = now == null ? null : earlier(now.version());
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
      Facts facts = failing.lastFailed();
      if (!sets.isCurrent(failing) || facts == null) {
        return;
      }
      String id = Prover.blamed(RuleLibrary.rules(live), facts);
      LiveRule bad = live.getOrDefault(id, live.get(RuleFile.ENTRY));
      RuleFile earlier = bad == null ? null : earlier(bad.version());
      if (bad == null || (earlier == null && bad.version().source() == Source.SHIPPED)) {
        LOG.error("the shipped rules {}", failing.failing());
        return;
      }
      String why = failing.failing() + ", and was rolled back";
      if (earlier == null || accept(List.of(earlier), Source.ROLLBACK, null) != null) {
        useShipped();
      }
      takenBack(bad.version(), why);
    } catch (InvalidRuleException e) {
      LOG.error("the rules that failed cannot be taken back", e);
    } finally {
      changing.unlock();
    }
  }

  /** Where no text before is of use, all rules are the shipped ones. */
  private void useShipped() throws InvalidRuleException {
    sets.replace(shipped);
    live = shipped;
    live = library.recorded(live, Source.SHIPPED, null);
  }

  /** The text that is warm in memory, else what the database knows, else the shipped one. */
  private @Nullable RuleFile earlier(RuleVersion version) {
    LiveRule warm = sets.previous().get(version.rule());
    return warm != null
            && !warm.version().hash().equals(version.hash())
            && refusals.takenBack(version.rule(), warm.version().hash()) == null
        ? warm.version().toFile()
        : library.earlier(version);
  }

  private void takenBack(RuleVersion version, String why) {
    Problem problem =
        new Problem(
            version.file(),
            0,
            0,
            "version %d %s".formatted(version.number(), why),
            "change the file, or POST /api/v1/rules/reload to use that text again");
    history.takenBack(version, List.of(problem));
    refusals.takeBack(version.rule(), version.hash(), List.of(problem));
    meters.ruleRolledBack(version.rule());
    LOG.error("######## ROLLED BACK: {}", problem);
  }

  /** Applies as many files as can be; tells whether any was. */
  private boolean apply(Map<String, RuleFile> files, @Nullable String author) {
    Map<String, List<Problem>> why = acceptMost(files, Source.FILE, author);
    why.forEach((id, problems) -> {
      RuleFile file = files.get(id);
      if (file != null) {
        refuse(file, problems, author);
      }
    });
    return why.size() < files.size();
  }

  /**
   * Makes all files live together, or where that does not work as many as do, one by one; returns
   * what is wrong with each of the others.
   */
  private Map<String, List<Problem>> acceptMost(
      Map<String, RuleFile> files, Source source, @Nullable String author) {
    Map<String, List<Problem>> why = new TreeMap<>();
    if (files.isEmpty()) {
      return why;
    }
    List<Problem> together = accept(files.values(), source, author);
    if (together == null) {
      return why;
    }
    files.keySet().forEach(id -> why.put(id, together));
    boolean more = files.size() > 1;
    while (more) {
      more = false;
      for (String id : List.copyOf(why.keySet())) {
        RuleFile file = files.get(id);
        List<Problem> alone = file == null ? List.of() : accept(List.of(file), source, author);
        if (alone == null) {
          why.remove(id);
          more = true;
        } else {
          why.put(id, alone);
        }
      }
    }
    return why;
  }

  /** Makes {@code files} live, all or none; returns null, or what is wrong. */
  private @Nullable List<Problem> accept(
      Collection<RuleFile> files, Source source, @Nullable String author) {
    Map<String, LiveRule> next = new TreeMap<>(live);
    try {
      next.putAll(library.read(files, live.keySet(), source, author));
      prover.prove(
          RuleLibrary.rules(next), source == Source.FILE ? RuleLibrary.rules(live) : Map.of());
      if (source == Source.ROLLBACK) {
        sets.replace(next);
      } else {
        sets.use(next);
      }
    } catch (InvalidRuleException e) {
      return e.problems();
    }
    live = Map.copyOf(next);
    live = library.recorded(live, source, author);
    for (RuleFile file : files) {
      if (source == Source.FILE) {
        refusals.accepted(file.id(), file.hash());
      }
      meters.ruleAccepted(file.id());
      LOG.info("{} is live: {}", file, source);
    }
    return null;
  }

  private void refuse(RuleFile file, List<Problem> why, @Nullable String author) {
    boolean news = !refusals.isRefused(file.id(), file.hash());
    refusals.refuse(file.id(), file.hash(), why);
    if (news) {
      history.refused(RuleVersion.of(file, clock.instant(), author).refused(why));
      meters.ruleRejected(file.id());
      StringBuilder text = new StringBuilder("REFUSED: the rules stay as they are");
      why.forEach(problem -> text.append("\n    ").append(problem));
      LOG.error("{}", text);
    }
  }
}
