package io.iir.rules;

import io.iir.rules.RuleVersion.Source;
import io.iir.rules.language.Problem;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what of a folder is to be applied. For one thread at a time. */
final class FolderChanges {

  private static final Logger LOG = LoggerFactory.getLogger(FolderChanges.class);

  private final Refusals refusals;

  /** Notes in {@code refusals} which files are gone. */
  FolderChanges(Refusals refusals) {
    this.refusals = refusals;
  }

  /** Ids that are rules even if their file no longer says so. */
  Set<String> known(Map<String, LiveRule> live) {
    Set<String> ids = new HashSet<>(live.keySet());
    ids.addAll(refusals.rules());
    return ids;
  }

  /**
   * The files that are to be applied; notes those that are gone and those that are back.
   *
   * @param live what decides
   * @param files what is there
   * @param again which of those that were refused are to be applied all the same
   */
  Map<String, RuleFile> changed(
      Map<String, LiveRule> live, Map<String, RuleFile> files, Predicate<Refusals.Refusal> again) {
    Map<String, RuleFile> changed = new TreeMap<>();
    for (RuleFile file : files.values()) {
      LiveRule rule = live.get(file.id());
      Refusals.Refusal refusal = refusals.of(file.id());
      Refusals.Refusal taken = refusals.takenBack(file.id(), file.hash());
      if (rule != null && rule.version().hash().equals(file.hash()) && taken == null) {
        if (refusals.clear(file.id())) {
          LOG.info("{} is what decides again", file.name());
        }
      } else if (taken != null && !again.test(taken)) {
        refusals.found(file.id(), taken);
      } else if (rule != null && isOwn(rule) && file.shipped() && taken == null) {
        noteGone(rule.version());
      } else if (refusal == null || !refusal.hash().equals(file.hash()) || again.test(refusal)) {
        changed.put(file.id(), file);
      }
    }
    for (String id : refusals.rules()) {
      if (!live.containsKey(id) && !files.containsKey(id)) {
        refusals.clear(id); // it never was live, and is not to be any more
      }
    }
    for (LiveRule rule : live.values()) {
      if (isOwn(rule) && !files.containsKey(rule.version().rule())) {
        noteGone(rule.version());
      }
    }
    return changed;
  }

  private static boolean isOwn(LiveRule rule) {
    return rule.version().source() != Source.SHIPPED;
  }

  private void noteGone(RuleVersion version) {
    Problem gone =
        new Problem(
            version.file(),
            0,
            0,
            "the file is gone, or cannot be read: version %d stays in use"
                .formatted(version.number()),
            "put it back; after a restart without it the shipped rules decide");
    if (refusals.gone(version.rule(), gone)) {
      LOG.error("{}", gone);
    }
  }
}
