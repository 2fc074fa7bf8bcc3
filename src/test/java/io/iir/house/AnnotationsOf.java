package io.iir.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.VariableTree;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The annotations of a component or of a type's argument.
 *
 * @param all as they stand in the source
 * @param within the record in which constants that they name are declared
 */
record AnnotationsOf(List<? extends AnnotationTree> all, ClassTree within) {

  boolean has(String name) {
    return find(name) != null;
  }

  /** The values of an attribute, as text; empty where it is not given. */
  List<String> values(String name, String attribute) {
    AnnotationTree annotation = find(name);
    if (annotation == null) {
      return List.of();
    }
    for (ExpressionTree argument : annotation.getArguments()) {
      if (argument instanceof AssignmentTree given) {
        if (given.getVariable().toString().equals(attribute)) {
          return texts(given.getExpression());
        }
      } else if (attribute.equals("value")) {
        return texts(argument);
      }
    }
    return List.of();
  }

  /** The value of an attribute; null where it is not given. */
  @Nullable String value(String name, String attribute) {
    List<String> values = values(name, attribute);
    return values.isEmpty() ? null : values.getFirst();
  }

  private @Nullable AnnotationTree find(String name) {
    return all.stream()
        .filter(each -> each.getAnnotationType().toString().equals(name))
        .findFirst()
        .orElse(null);
  }

  private List<String> texts(ExpressionTree expression) {
    return switch (expression) {
      case NewArrayTree array -> array.getInitializers().stream().map(this::text).toList();
      default -> List.of(text(expression));
    };
  }

  private String text(ExpressionTree expression) {
    return switch (expression) {
      case LiteralTree literal -> String.valueOf(literal.getValue());
      case IdentifierTree constant -> text(initializer(constant.getName().toString()));
      default -> throw new IllegalArgumentException("not a literal or a constant: " + expression);
    };
  }

  private ExpressionTree initializer(String constant) {
    return within.getMembers().stream()
        .filter(VariableTree.class::isInstance)
        .map(VariableTree.class::cast)
        .filter(field -> field.getName().contentEquals(constant))
        .map(VariableTree::getInitializer)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no constant " + constant));
  }
}
