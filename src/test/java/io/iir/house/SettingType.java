package io.iir.house;

import com.sun.source.tree.AnnotatedTypeTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may be written for a setting, in an operator's words.
 *
 * @param name the simple name of the type
 * @param arguments the arguments of a list or a map
 * @param annotations which bound it
 */
record SettingType(String name, List<SettingType> arguments, AnnotationsOf annotations) {

  /** What a text is, by the last word of its setting's name. */
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("host", "address"),
          Map.entry("address", "address"),
          Map.entry("dir", "folder"),
          Map.entry("directory", "folder"),
          Map.entry("path", "path"),
          Map.entry("ready", "path"),
          Map.entry("certificate", "file"),
          Map.entry("key", "file"),
          Map.entry("trust", "file"),
          Map.entry("advisor", "model"),
          Map.entry("aliases", "model"),
          Map.entry("headers", "name"),
          Map.entry("models", "name"),
          Map.entry("upstream", "name"),
          Map.entry("vendor", "name"),
          Map.entry("region", "name"),
          Map.entry("project", "name"));

  /** What a text that must be given is, as the message says that tells so. */
  private static final String GIVE = "is missing: give ";

  /** The type of a record's component. */
  static SettingType of(VariableTree component, ClassTree within) {
    SettingType type = of(component.getType(), within);
    return new SettingType(
        type.name,
        type.arguments,
        new AnnotationsOf(component.getModifiers().getAnnotations(), within));
  }

  private static SettingType of(Tree tree, ClassTree within) {
    return switch (tree) {
      case AnnotatedTypeTree annotated -> {
        SettingType type = of(annotated.getUnderlyingType(), within);
        yield new SettingType(
            type.name, type.arguments, new AnnotationsOf(annotated.getAnnotations(), within));
      }
      case ParameterizedTypeTree generic ->
          new SettingType(
              generic.getType().toString(),
              generic.getTypeArguments().stream().map(each -> of(each, within)).toList(),
              new AnnotationsOf(List.of(), within));
      case MemberSelectTree nested ->
          new SettingType(
              nested.getIdentifier().toString(), List.of(), new AnnotationsOf(List.of(), within));
      default -> new SettingType(tree.toString(), List.of(), new AnnotationsOf(List.of(), within));
    };
  }

  boolean isList() {
    return name.equals("List");
  }

  boolean isMap() {
    return name.equals("Map");
  }

  /** The type of what a list or a map holds; of any other this itself. */
  SettingType each() {
    return arguments.isEmpty() ? this : arguments.getLast();
  }

  /** The words for the setting {@code setting}, whose enums {@code source} knows. */
  String words(String setting, SettingsSource source) {
    return switch (name) {
      case "boolean", "Boolean" -> "`true`, `false`";
      case "int", "Integer", "long", "Long", "double", "Double", "BigDecimal" ->
          "number" + bounds(" ", "Min", "Max") + bounds(" ", "DecimalMin", "DecimalMax");
      case "Duration" -> duration();
      case "DataSize" ->
          "size, %s–%s"
              .formatted(
                  annotations.value("SizeBetween", "min"), annotations.value("SizeBetween", "max"));
      case "Secret" -> "secret";
      case "String" -> text(setting);
      case "List" -> {
        String most = annotations.value("Size", "max");
        String each = arguments.getFirst().words(setting, source);
        yield "list of " + plural(each) + (most == null ? "" : ", to " + most);
      }
      default -> oneOf(source);
    };
  }

  private String duration() {
    String days = annotations.value("PositiveDuration", "maxDays");
    boolean orZero = "true".equals(annotations.value("PositiveDuration", "orZero"));
    return "duration%s, to %sd".formatted(orZero ? " from 0s" : "", days == null ? "1" : days);
  }

  private String bounds(String before, String least, String most) {
    String from = annotations.value(least, "value");
    String to = annotations.value(most, "value");
    if (from == null && to == null) {
      return "";
    }
    String above = "false".equals(annotations.value(least, "inclusive")) ? "above " : "";
    if (to == null) {
      return before + "from " + from;
    }
    return above.isEmpty() ? ", %s–%s".formatted(from, to) : before + above + from + ", to " + to;
  }

  private String text(String setting) {
    if (annotations.has("BaseUrl")) {
      return "URL";
    }
    String missing = annotations.value("NotNull", "message");
    if (missing != null && missing.startsWith(GIVE)) {
      return "`" + missing.substring(GIVE.length()) + "`";
    }
    String whole = setting.replace(".<name>", "").replace("[]", "");
    String last = whole.substring(whole.lastIndexOf('.') + 1);
    return TEXTS.getOrDefault(last.substring(last.lastIndexOf('-') + 1), "text");
  }

  private static String plural(String each) {
    return each.replaceFirst("^(number|text|URL|name|secret)\\b", "$1s");
  }

  private String oneOf(SettingsSource source) {
    SettingsSource.Declared declared = source.type(name);
    if (declared == null || declared.isRecord()) {
      throw new IllegalArgumentException("no words for the type " + name);
    }
    return Arrays.stream(constants(declared.binaryName()))
        .map(constant -> "`" + word(constant) + "`")
        .collect(Collectors.joining(", "));
  }

  private static Object[] constants(String binaryName) {
    try {
      return Class.forName(binaryName).getEnumConstants();
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** As its own method {@code word} has it, else in small letters with dashes. */
  private static String word(Object constant) {
    try {
      return String.valueOf(constant.getClass().getMethod("word").invoke(constant));
    } catch (NoSuchMethodException e) {
      return dashed(constant.toString());
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** {@code X_API_KEY} as operators write it. */
  static String dashed(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What its default annotation says; null where it has none, or one without a value. */
  @Nullable String byDefault() {
    List<String> values = annotations.values("DefaultValue", "value");
    if (isList()) {
      return annotations.has("Nullable") ? null : "`[" + String.join(", ", values) + "]`";
    }
    return values.isEmpty() ? null : "`" + values.getFirst() + "`";
  }
}
