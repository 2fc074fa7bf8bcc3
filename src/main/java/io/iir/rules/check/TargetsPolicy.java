package io.iir.rules.check;

import io.iir.provider.NamedAt;
import io.iir.provider.TargetList;
import io.iir.provider.TargetSyntaxException;
import io.iir.rules.language.Vocabulary;
import java.util.ArrayList;
import java.util.List;

/** Checks a constant list of targets: that it can be read, and that the models it names exist. */
final class TargetsPolicy {

  private final Vocabulary.ModelCheck models;

  TargetsPolicy(Vocabulary.ModelCheck models) {
    this.models = models;
  }

  /** All that is wrong with {@code text}. */
  List<SimpleFault> check(String text) {
    TargetList targets;
    try {
      targets = TargetList.parse(text);
    } catch (TargetSyntaxException e) {
      return List.of(new SimpleFault(e.column() - 1, "targets: " + e.getMessage(), e.hint()));
    }
    List<SimpleFault> faults = new ArrayList<>();
    for (NamedAt named : targets.names()) {
      Vocabulary.Finding finding = models.check(named.name().id());
      if (finding != null) {
        faults.add(new SimpleFault(named.column() - 1, finding.message(), finding.hint()));
      }
    }
    return faults;
  }
}
