package io.iir.rules;

import io.iir.provider.ModelPattern;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.check.RuleReader;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import io.iir.rules.language.Vocabulary;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Rules where no gateway runs: texts go through the same checks, the same proof and the same choice
 * of models as in one. Blocks. Thread-safe. Close it.
 */
public final class OfflineRules implements AutoCloseable {

  private final RuleReader reader = new RuleReader(Map.of());
  private final List<DecisionRecord> records;
  private final RuleFolder folder;
  private final Prover prover;
  private final Map<String, LiveRule> others;
  private final Trials trials;

  private OfflineRules(
      @Nullable Path path, Set<String> edited, Vocabulary vocabulary, DecisionExport export)
      throws InvalidRuleException {
    this.records = export.records();
    List<Facts> recent = last(DecisionLog.RECENT).stream().map(DecisionRecord::facts).toList();
    this.prover = new Prover(vocabulary, reader, () -> recent);
    this.folder = new RuleFolder(path == null ? Path.of("") : path);
    Map<String, RuleFile> files =
        new TreeMap<>(path == null ? folder.shipped() : folder.read(Set.of()));
    files.keySet().removeAll(edited);
    this.others = read(files, edited);
    this.trials = new Trials(() -> others, this::shipped, prover, export.directory());
  }

  /**
   * Rules that may name any model, as nothing is known of those on offer.
   *
   * @param folder where the rules lie that are not edited, the shipped ones where it has none;
   *     null: they are the shipped ones
   * @param edited the ids of the rules of which edits will be tried
   * @param headers the request headers that rules may read, in lower case
   * @throws InvalidRuleException if a rule that is not edited is wrong
   */
  public static OfflineRules of(@Nullable Path folder, Set<String> edited, Set<String> headers)
      throws InvalidRuleException {
    ProviderDirectory nothing = new ProviderDirectory(List.of(), List.of(), Map.of());
    return new OfflineRules(
        folder,
        edited,
        new Vocabulary(headers, Map.of(), id -> null),
        new DecisionExport(nothing, headers, List.of()));
  }

  /**
   * Rules that may name the models of {@code export} and read its headers, as where it comes from.
   *
   * @param folder as in {@link #of(Path, Set, Set)}
   * @param edited the ids of the rules of which edits will be tried
   * @throws InvalidRuleException if a rule that is not edited is wrong
   */
  public static OfflineRules of(@Nullable Path folder, Set<String> edited, DecisionExport export)
      throws InvalidRuleException {
    return new OfflineRules(
        folder,
        edited,
        new Vocabulary(export.headers(), Map.of(), new KnownModels(export.directory())),
        export);
  }

  /**
   * What is wrong with {@code edits}, each of another rule; empty if all could go live together.
   */
  public List<Problem> validate(List<RuleEdit> edits) {
    return trials.validate(edits);
  }

  /**
   * What the rules decide for {@code facts}, and how.
   *
   * @param allowed the models that the request's key may use
   * @param edit what is tried in the place of a rule; null: nothing
   * @throws InvalidRuleException if the edit could not go live
   */
  public Explained explain(Facts facts, List<ModelPattern> allowed, @Nullable RuleEdit edit)
      throws InvalidRuleException {
    return trials.explain(facts, allowed, edit);
  }

  /**
   * What {@code edit} would have changed for at most {@code most} of the last decisions.
   *
   * @throws InvalidRuleException if it could not go live
   */
  public BacktestReport backtest(RuleEdit edit, int most) throws InvalidRuleException {
    return trials.backtest(edit, last(most));
  }

  private List<DecisionRecord> last(int most) {
    return records.subList(Math.max(0, records.size() - most), records.size());
  }

  private Map<String, LiveRule> shipped() {
    try {
      return read(folder.shipped(), Set.of());
    } catch (InvalidRuleException e) {
      throw new IllegalStateException("the rules that ship with the gateway are broken", e);
    }
  }

  private Map<String, LiveRule> read(Map<String, RuleFile> files, Set<String> besides)
      throws InvalidRuleException {
    Set<String> ids = new HashSet<>(files.keySet());
    ids.addAll(besides);
    Map<String, LiveRule> rules = new TreeMap<>();
    for (RuleFile file : files.values()) {
      RuleVersion version = RuleVersion.of(file, Instant.EPOCH, null);
      // The shipped ones name no model that a gateway need have.
      rules.put(
          file.id(), new LiveRule(version, prover.read(file, ids, !file.shipped()), Instant.EPOCH));
    }
    return rules;
  }

  @Override
  public void close() {
    reader.close();
  }
}
