package io.iir.openai;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@link FieldRules} change of a body's outermost object, as edits of its bytes. */
final class FieldEdits {

  private final byte[] body;
  private final List<TopLevelField> fields;
  private final FieldRules rules;
  private final Set<String> replaced;

  FieldEdits(byte[] body, List<TopLevelField> fields, FieldRules rules) {
    this.body = body;
    this.fields = fields;
    this.rules = rules;
    this.replaced =
        fields.stream()
            .map(field -> rules.renamed().getOrDefault(field.name(), ""))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Whether there is nothing to change. */
  boolean isEmpty() {
    return fields.stream().noneMatch(field -> isGone(field) || newName(field) != null);
  }

  /** Makes the changes; a field that another takes the name of is left out. */
  void make(Splice splice) {
    for (int i = 0; i < fields.size(); i++) {
      String name = newName(fields.get(i));
      if (isGone(fields.get(i))) {
        i = remove(splice, i);
      } else if (name != null) {
        int end = keyEnd(fields.get(i));
        splice.replace(keyStart(end), end, JsonBytes.quote(name));
      }
    }
  }

  /** Removes the fields that are gone from {@code first} on, with a comma; answers the last. */
  private int remove(Splice splice, int first) {
    int last = first;
    while (last + 1 < fields.size() && isGone(fields.get(last + 1))) {
      last++;
    }
    int start = keyStart(keyEnd(fields.get(first)));
    int end = fields.get(last).end();
    if (last + 1 < fields.size()) {
      end = keyStart(keyEnd(fields.get(last + 1)));
    } else if (first > 0) {
      start = fields.get(first - 1).end();
    }
    splice.replace(start, end, new byte[0]);
    return last;
  }

  private boolean isGone(TopLevelField field) {
    return rules.dropped().contains(field.name()) || replaced.contains(field.name());
  }

  private @Nullable String newName(TopLevelField field) {
    return rules.renamed().get(field.name());
  }

  /** Behind the closing quote of the field's name. */
  private int keyEnd(TopLevelField field) {
    int at = field.start() - 1;
    while (body[at] != '"') {
      at--; // blanks and the colon
    }
    return at + 1;
  }

  /** The opening quote of the name that ends before {@code end}. */
  private int keyStart(int end) {
    int at = end - 2;
    while (body[at] != '"' || isEscaped(at)) {
      at--;
    }
    return at;
  }

  private boolean isEscaped(int quote) {
    int at = quote;
    while (body[at - 1] == '\\') {
      at--;
    }
    return (quote - at) % 2 == 1;
  }
}
