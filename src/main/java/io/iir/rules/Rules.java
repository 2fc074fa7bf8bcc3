package io.iir.rules;

import io.iir.provider.ModelPattern;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The operator's rules: asks them, tells how they are, and changes them. Thread-safe. Deciding
 * never waits; all else may block.
 */
public final class Rules implements AutoCloseable {

  private final RuleBook book;
  private final RuleStore store;
  private final RuleWatch watch;
  private final Decider decider;
  private final LiveSets sets;
  private final Trials trials;
  private final DecisionLog log;
  private final IntFunction<DecisionExport> export;
  private final ScheduledExecutorService thread;

  Rules(
      RuleBook book,
      RuleStore store,
      RuleWatch watch,
      Decider decider,
      LiveSets sets,
      Trials trials,
      DecisionLog log,
      IntFunction<DecisionExport> export,
      ScheduledExecutorService thread) {
    this.book = book;
    this.store = store;
    this.watch = watch;
    this.decider = decider;
    this.sets = sets;
    this.trials = trials;
    this.log = log;
    this.export = export;
    this.thread = thread;
  }

  /**
   * Whether {@code content}, of the file {@code name}, is a rule and not a route of the flow: also
   * one that is too broken to say so, if it ever was one.
   */
  public boolean isRule(String name, byte[] content) {
    return RuleFile.isLive(name, content) || book.everKnown(RuleFile.idOf(name));
  }

  /** Starts the rules; from then on they can be asked. */
  public void start() {
    book.boot();
  }

  /** From now on, what changes in the folder goes live. */
  public void watch() {
    watch.start();
  }

  /** The decision for {@code facts}; a {@link Failure} only if the shipped rules fail too. */
  public Verdict decide(Facts facts) {
    return decider.decide(facts);
  }

  /** The shipped rules' decision, in the place of one that cannot be used for {@code why}. */
  public Verdict fallBack(Facts facts, Failure why) {
    return decider.fallBack(facts, why);
  }

  /** The last decisions. */
  public DecisionLog log() {
    return log;
  }

  /** At most {@code most} of the last decisions, with what it takes to decide them elsewhere. */
  public DecisionExport export(int most) {
    return export.apply(most);
  }

  /** What is wrong with {@code edit}; empty if it could go live. */
  public List<Problem> validate(RuleEdit edit) {
    return trials.validate(List.of(edit));
  }

  /**
   * What the rules decide for {@code facts}, and how; nothing is counted.
   *
   * @param allowed the models that the request's key may use
   * @param edit what is tried in the place of a rule; null: what is live
   * @throws InvalidRuleException if the edit could not go live
   */
  public Explained explain(Facts facts, List<ModelPattern> allowed, @Nullable RuleEdit edit)
      throws InvalidRuleException {
    return trials.explain(facts, allowed, edit);
  }

  /**
   * What {@code edit} would have changed for at most {@code most} of the last requests.
   *
   * @throws InvalidRuleException if it could not go live
   */
  public BacktestReport backtest(RuleEdit edit, int most) throws InvalidRuleException {
    return trials.backtest(edit, log.last(most));
  }

  /** How each rule is, by id: those that are live, and those whose first text was refused. */
  public List<RuleStatus> status() {
    Map<String, RuleStatus> all = new TreeMap<>();
    for (String id : book.refusals().rules()) {
      all.put(id, RuleStatus.refused(id, problems(id)));
    }
    book.live().forEach((id, rule) -> all.put(id, status(id, rule)));
    return List.copyOf(all.values());
  }

  private List<Problem> problems(String id) {
    Refusals.Refusal refusal = book.refusals().of(id);
    return refusal == null ? List.of() : refusal.problems();
  }

  private RuleStatus status(String id, LiveRule rule) {
    List<RuleStatus.BranchStatus> branches = new ArrayList<>();
    RuleSet set = decider.current();
    if (set != null) {
      set.branches(id)
          .forEach((branch, hits) -> branches.add(new RuleStatus.BranchStatus(branch, hits)));
    }
    RuleVersion version = rule.version();
    return new RuleStatus(
        id,
        version.file(),
        version.number(),
        version.hash(),
        rule.since(),
        version.source(),
        branches,
        problems(id));
  }

  /** What is wrong with files that are not what decides; empty if all are. */
  public List<Problem> problems() {
    return book.refusals().problems();
  }

  /** The texts that the rule {@code id} had or was to have, the newest first; none: no rule. */
  public List<RuleVersion> versions(String id, int most) {
    return store.list(id, most);
  }

  /**
   * Looks at the folder now, and also again at what was refused or taken back before.
   *
   * @param author the id of the key that asks for it
   */
  public void reload(String author) {
    book.reload(author);
  }

  /**
   * Takes back the text of the rule {@code id}: the one before it decides from now on.
   *
   * @param author the id of the key that asks for it
   * @return null if it was done; else why not, empty if there is no text before
   */
  public @Nullable List<Problem> rollBack(String id, String author) {
    return book.rollBack(id, author);
  }

  @Override
  public void close() {
    watch.close();
    thread.shutdownNow();
    sets.close();
  }
}
