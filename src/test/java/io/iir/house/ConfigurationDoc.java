package io.iir.house;

import com.sun.source.tree.VariableTree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * The tables of all settings in {@code docs/CONFIGURATION.md}, made of the records that they are
 * bound to: a table for each group, under what its record's Javadoc says; a row for each component
 * that takes a value, which its {@code @param} describes. What stands there behind {@code null:} is
 * the default in words.
 */
final class ConfigurationDoc {

  private static final String ROOT = "iir";
  private static final String HEAD =
      "| setting | what may stand there | default | meaning |\n|---|---|---|---|\n";

  private final SettingsSource source = SettingsSource.read();

  /** The whole of what is generated. */
  String text() {
    SettingsSource.Declared root = declared("IirProperties");
    List<String> names = new ArrayList<>();
    StringBuilder sections = new StringBuilder();
    List<Setting> single = new ArrayList<>();
    for (VariableTree component : root.components()) {
      Group group = new Group(new ArrayList<>(), new ArrayList<>());
      SettingsSource.Declared of = add(root, component, ROOT, "", group);
      if (of == null) {
        single.addAll(group.settings);
      } else {
        String name = ROOT + "." + nameOf(component, root);
        names.add(name);
        sections.append(section(name, of.text().paragraphs() + group.list(), group.settings));
      }
    }
    String links =
        names.stream()
            .map(name -> "[`%s`](#%s)".formatted(name, name.replaceAll("[.]", "")))
            .collect(Collectors.joining(" · "));
    return links + "\n\n" + section(ROOT, "The gateway itself.", single) + sections;
  }

  /**
   * What is under one heading.
   *
   * @param settings a row each
   * @param about what is said of the records inside of the record
   */
  private record Group(List<Setting> settings, List<String> about) {

    String list() {
      return about.isEmpty() ? "" : "\n\n" + String.join("\n", about);
    }
  }

  private static String section(String name, String about, List<Setting> settings) {
    String rows = settings.stream().map(Setting::row).collect(Collectors.joining("\n"));
    return "### %s\n\n%s\n\n%s%s\n\n".formatted(name, about, HEAD, rows);
  }

  /**
   * Adds what {@code component} holds to {@code to}; {@code without} is what holds where the group
   * around it is not there. Returns its record; null where it takes a value itself.
   */
  private SettingsSource.@Nullable Declared add(
      SettingsSource.Declared owner,
      VariableTree component,
      String prefix,
      String without,
      Group to) {
    JavadocText text =
        new JavadocText(owner.ofComponents().getOrDefault(component.getName().toString(), ""));
    SettingType type = SettingType.of(component, owner.tree());
    SettingType each = type.each();
    String name = prefix + "." + nameOf(component, owner);
    name += type.isMap() ? ".<name>" : type.isList() && isRecord(each) ? "[]" : "";
    if (!isRecord(each)) {
      if (text.text().isEmpty()) {
        throw new AssertionError(
            "%s: say in the Javadoc of %s what '%s' means, by @param"
                .formatted(name, owner.binaryName(), component.getName()));
      }
      String words = (type.isMap() ? each : type).words(name, source);
      to.settings.add(new Setting(name, words, otherwise(type, text, without), text.sentence()));
      return null;
    }
    SettingsSource.Declared group = declared(each.name());
    if (!prefix.equals(ROOT)) {
      to.about.add("- `%s`: %s".formatted(name, text.sentence()));
    }
    for (VariableTree inner : group.components()) {
      add(group, inner, name, text.without(), to);
    }
    return group;
  }

  private static String otherwise(SettingType type, JavadocText text, String without) {
    String said = text.without();
    String given = said.isEmpty() ? type.byDefault() : said;
    if (given != null) {
      return given;
    }
    if (type.annotations().has("Nullable") || type.isMap()) {
      return "none";
    }
    return without.isEmpty() ? "must be given" : without;
  }

  private boolean isRecord(SettingType type) {
    SettingsSource.Declared declared = source.type(type.name());
    return declared != null && declared.isRecord() && !type.name().equals("Secret");
  }

  private SettingsSource.Declared declared(String name) {
    SettingsSource.Declared type = source.type(name);
    if (type == null) {
      throw new AssertionError("no record " + name + " in io.iir.config");
    }
    return type;
  }

  private static String nameOf(VariableTree component, SettingsSource.Declared owner) {
    String given =
        new AnnotationsOf(component.getModifiers().getAnnotations(), owner.tree())
            .value("Name", "value");
    return given != null
        ? given
        : DataObjectPropertyName.toDashedForm(component.getName().toString());
  }
}
