package io.iir.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.Name;

/**
 * The names of all settings, such as {@code iir.providers.<name>.base-url}, read off the records
 * they are bound to. {@code <name>} stands for what an operator chooses, {@code []} for a place in
 * a list.
 */
final class SettingNames {

  static final String CHOSEN = "<name>";
  static final String PLACE = "[]";

  private static final SortedSet<String> ALL = new TreeSet<>();
  private static final SortedSet<String> GROUPS = new TreeSet<>();

  private static final Map<String, String> RENAMED = new TreeMap<>();

  static {
    walk(IirProperties.class, "iir");
  }

  private SettingNames() {}

  /** Each setting that takes a value. */
  static SortedSet<String> all() {
    return Collections.unmodifiableSortedSet(ALL);
  }

  /** Each name that other settings stand under, such as {@code iir.server.tls}. */
  static SortedSet<String> groups() {
    return Collections.unmodifiableSortedSet(GROUPS);
  }

  /**
   * The setting bound to {@code field}, a path of record components such as {@code
   * iir.providers[openai].baseUrl}.
   */
  static String ofField(String field) {
    String dashed =
        Stream.of(field.replaceAll("\\[([a-z][a-z0-9-]*)\\]", ".$1").split("\\.", -1))
            .map(part ->
                part.indexOf('[') < 0
                    ? DataObjectPropertyName.toDashedForm(part)
                    : dashedHead(part))
            .collect(Collectors.joining("."));
    for (Map.Entry<String, String> renamed : RENAMED.entrySet()) {
      if (dashed.startsWith(renamed.getKey())) {
        return renamed.getValue() + dashed.substring(renamed.getKey().length());
      }
    }
    return dashed;
  }

  private static String dashedHead(String part) {
    int bracket = part.indexOf('[');
    return DataObjectPropertyName.toDashedForm(part.substring(0, bracket))
        + part.substring(bracket);
  }

  private static void walk(Class<?> type, String prefix) {
    GROUPS.add(prefix);
    RecordComponent[] components = type.getRecordComponents();
    Constructor<?> constructor = type.getDeclaredConstructors()[0];
    for (int i = 0; i < components.length; i++) {
      Parameter parameter = constructor.getParameters()[i];
      Name named = parameter.getAnnotation(Name.class);
      String dashed = DataObjectPropertyName.toDashedForm(components[i].getName());
      String last = named == null ? dashed : named.value();
      if (named != null) {
        RENAMED.put(prefix + "." + dashed + ".", prefix + "." + last + ".");
      }
      add(components[i].getType(), components[i].getGenericType(), prefix + "." + last);
    }
  }

  private static void add(Class<?> type, Type generic, String name) {
    if (generic instanceof ParameterizedType map && map.getActualTypeArguments().length == 2) {
      GROUPS.add(name);
      Class<?> value = (Class<?>) map.getActualTypeArguments()[1];
      add(value, value, name + "." + CHOSEN);
    } else if (generic instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] instanceof Class<?> entry
        && entry.isRecord()
        && entry != Secret.class) {
      walk(entry, name + PLACE);
    } else if (type.isRecord() && type != Secret.class) {
      walk(type, name);
    } else {
      ALL.add(name);
    }
  }
}
