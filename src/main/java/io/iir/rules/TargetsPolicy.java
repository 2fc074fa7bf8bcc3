package io.iir.rules;

import io.iir.provider.ModelName;
import io.iir.provider.TargetList;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks a constant list of targets: that it can be read, and that the models it names exist. */
final class TargetsPolicy {

  private static final Pattern PLACE = Pattern.compile("column (\\d+): (.*)", Pattern.DOTALL);
  private static final Pattern NAME = Pattern.compile("\"([^\"]*)\"|([^\\s,()\"]+)");

  private final Vocabulary.ModelCheck models;

  TargetsPolicy(Vocabulary.ModelCheck models) {
    this.models = models;
  }

  /** All that is wrong with {@code text}. */
  List<SimpleFault> check(String text) {
    try {
      TargetList.parse(text);
    } catch (IllegalArgumentException e) {
      return List.of(fault(String.valueOf(e.getMessage())));
    }
    List<SimpleFault> faults = new ArrayList<>();
    for (Named named : named(text)) {
      Vocabulary.Finding finding = models.check(named.id());
      if (finding != null) {
        faults.add(new SimpleFault(named.at(), finding.message(), finding.hint()));
      }
    }
    return faults;
  }

  private static SimpleFault fault(String message) {
    Matcher place = PLACE.matcher(message);
    return place.find()
        ? new SimpleFault(Integer.parseInt(place.group(1)) - 1, "targets: " + place.group(2), null)
        : new SimpleFault(0, message, null);
  }

  private record Named(String id, int at) {}

  private static List<Named> named(String text) {
    List<Named> all = new ArrayList<>();
    Matcher names = NAME.matcher(text);
    while (names.find()) {
      String quoted = names.group(1);
      String id = quoted == null ? names.group(2) : quoted;
      if (id.indexOf('*') < 0 && id.indexOf('/') >= 0 && ModelName.isValid(id)) {
        all.add(new Named(id, names.start()));
      }
    }
    return all;
  }
}
