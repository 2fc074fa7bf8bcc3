package io.iir.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Reads what stands in the brackets of {@code weighted}. For one use, by one thread. */
final class ShareParser {

  /** What it should look like. */
  static final String EXAMPLE = "such as weighted(openai/gpt-4o: 90, local/*: 10)";

  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

  /** Makes a target of a name or a pattern that begins at a place. */
  interface Names {
    /** The target. */
    Target target(String word, int start);
  }

  private final TargetScanner in;
  private final Names names;

  ShareParser(TargetScanner in, Names names) {
    this.in = in;
    this.names = names;
  }

  List<Target.Share> shares() {
    List<Target.Share> shares = new ArrayList<>();
    do {
      shares.add(share());
    } while (in.accept(','));
    return shares;
  }

  private Target.Share share() {
    in.skipSpace();
    int start = in.at();
    String name;
    if (in.isNext('"')) {
      name = in.quoted();
      if (!in.accept(':')) {
        throw in.expected("':' and a weight behind the name", EXAMPLE);
      }
    } else {
      name = name(in.word(), start);
    }
    if (name.indexOf('/') < 0 && !name.equals("*")) {
      throw in.wrong(start, "expected a model's name or a pattern, and its weight", EXAMPLE);
    }
    Target item = names.target(name, start);
    return new Target.Share(item, weight());
  }

  /** A name's own colons stand before the last one, behind which the weight is. */
  private String name(String word, int start) {
    int colon = word.lastIndexOf(':');
    if (colon >= 0) {
      in.goTo(start + colon + 1);
      return word.substring(0, colon);
    }
    if (word.indexOf('/') >= 0 && !in.accept(':')) {
      throw in.expected("':' and a weight behind the name", EXAMPLE);
    }
    return word;
  }

  private double weight() {
    in.skipSpace();
    int start = in.at();
    String written = in.word();
    if (!NUMBER.matcher(written).matches()) {
      throw in.wrong(
          start,
          written.isEmpty()
              ? "expected a weight"
              : "'%s' is no weight".formatted(Quoted.of(written)),
          "a positive number, " + EXAMPLE);
    }
    double weight = Double.parseDouble(written);
    if (weight == 0) {
      throw in.wrong(
          start, "a weight is more than 0", "leave a model out that is to have no share");
    }
    return weight;
  }
}
