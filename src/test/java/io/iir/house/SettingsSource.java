package io.iir.house;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The types that settings are bound to, as their sources in {@code io.iir.config} have them: with
 * annotations and Javadoc, which the compiled classes have not.
 */
final class SettingsSource {

  private static final Path FOLDER = Path.of("src/main/java/io/iir/config");

  /** A character that is not ASCII, as the compiler's printer writes it. */
  private static final Pattern ESCAPED = Pattern.compile("\\\\u([0-9a-f]{4})");

  private final Map<String, Declared> types = new HashMap<>();

  /**
   * A record or an enum.
   *
   * @param binaryName by which its class is loaded
   * @param tree its declaration
   * @param text its Javadoc
   * @param ofComponents what its Javadoc says of each component
   */
  record Declared(
      String binaryName, ClassTree tree, JavadocText text, Map<String, String> ofComponents) {

    /** The components of a record, in their order. */
    List<VariableTree> components() {
      return tree.getMembers().stream()
          .filter(VariableTree.class::isInstance)
          .map(VariableTree.class::cast)
          .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
          .toList();
    }

    boolean isRecord() {
      return tree.getKind() == Tree.Kind.RECORD;
    }
  }

  private SettingsSource() {}

  /** Reads them all. */
  static SettingsSource read() {
    SettingsSource source = new SettingsSource();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.list(FOLDER)) {
      List<Path> all = sources.filter(file -> file.toString().endsWith(".java")).sorted().toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(all));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        source.addAll(unit, docs);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return source;
  }

  /** The type of that simple name; null where it is none of this package. */
  @Nullable Declared type(String simpleName) {
    return types.get(simpleName);
  }

  private void addAll(CompilationUnitTree unit, DocTrees docs) {
    new TreePathScanner<@Nullable Void, String>() {
      @Override
      public @Nullable Void visitClass(ClassTree tree, String outer) {
        String name = outer + tree.getSimpleName();
        types.put(tree.getSimpleName().toString(), declared(name, tree, getCurrentPath(), docs));
        return super.visitClass(tree, name + "$");
      }
    }.scan(unit, unit.getPackageName() + ".");
  }

  private static Declared declared(
      String binaryName, ClassTree tree, TreePath path, DocTrees docs) {
    DocCommentTree comment = docs.getDocCommentTree(path);
    Map<String, String> ofComponents = new HashMap<>();
    String text = "";
    if (comment != null) {
      text = joined(comment.getFullBody());
      for (DocTree tag : comment.getBlockTags()) {
        if (tag instanceof ParamTree param) {
          ofComponents.put(param.getName().toString(), joined(param.getDescription()));
        }
      }
    }
    return new Declared(binaryName, tree, new JavadocText(text), ofComponents);
  }

  private static String joined(List<? extends DocTree> parts) {
    String text = parts.stream().map(DocTree::toString).collect(Collectors.joining());
    return ESCAPED
        .matcher(text)
        .replaceAll(hit -> Character.toString(Integer.parseInt(hit.group(1), 16)));
  }
}
