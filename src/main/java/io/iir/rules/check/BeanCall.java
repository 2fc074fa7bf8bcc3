package io.iir.rules.check;

import io.iir.rules.language.Vocabulary;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which methods of which beans rules may call. */
final class BeanCall {

  private BeanCall() {}

  /** What is wrong with a call of {@code bean}'s {@code method}; null if nothing is. */
  static Vocabulary.@Nullable Finding check(String bean, String method, Vocabulary vocabulary) {
    Set<String> methods = vocabulary.beans().get(bean);
    if (methods == null) {
      return new Vocabulary.Finding(
          "unknown bean \"%s\"".formatted(bean),
          Fields.allowed(bean, new TreeSet<>(vocabulary.beans().keySet())));
    }
    return methods.contains(method)
        ? null
        : new Vocabulary.Finding(
            "the bean \"%s\" has no method \"%s\" for rules".formatted(bean, method),
            Fields.allowed(method, new TreeSet<>(methods)));
  }
}
