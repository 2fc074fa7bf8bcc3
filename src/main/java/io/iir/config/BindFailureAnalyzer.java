package io.iir.config;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Says in one sentence which setting under {@code iir:} is unknown or has a value that cannot be:
 * its name, its value unless that may be a secret, what would do, and where it is written.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class BindFailureAnalyzer extends AbstractFailureAnalyzer<BindException> {

  private static final Pattern PLACE = Pattern.compile("\\[\\d+\\]");
  private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("iir");

  private final @Nullable Environment environment;

  BindFailureAnalyzer(@Nullable Environment environment) {
    this.environment = environment;
  }

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
    if (!ROOT.equals(cause.getName()) && !ROOT.isAncestorOf(cause.getName())) {
      return null;
    }
    return new FailureAnalysis(sentence(rootFailure, cause), null, cause);
  }

  private String sentence(Throwable rootFailure, BindException cause) {
    var unbound = findCause(rootFailure, UnboundConfigurationPropertiesException.class);
    if (unbound != null) {
      return unknown(unbound.getUnboundProperties());
    }
    var invalid = findCause(rootFailure, BindValidationException.class);
    if (invalid != null) {
      return invalid(invalid);
    }
    BindException innermost = cause;
    while (innermost.getCause() instanceof BindException inner) {
      innermost = inner;
    }
    return unreadable(innermost);
  }

  private static String unknown(Set<ConfigurationProperty> properties) {
    ConfigurationProperty first = properties.iterator().next();
    String name = first.getName().toString();
    String nearest = NearestName.of(name, valid(first.getName()));
    if (nearest != null && isEmpty(first) && undashed(name).equals(undashed(nearest))) {
      return "%s must not be empty: give a value, or leave it out%s."
          .formatted(name, Where.of(first.getOrigin()));
    }
    return "%s is not a setting: %s%s%s."
        .formatted(
            shown(name, first.getValue(), String.valueOf(nearest)),
            nearest == null ? "docs/CONFIGURATION.md lists all" : "did you mean " + nearest + "?",
            Where.of(first.getOrigin()),
            properties.size() == 1 ? "" : ", and %d more".formatted(properties.size() - 1))
        .replace("?.", "?");
  }

  /** Boot takes an empty value for none where it is no text, and then for one too many. */
  private static boolean isEmpty(ConfigurationProperty property) {
    return String.valueOf(property.getValue()).isBlank();
  }

  /** A name without dashes, which variables cannot have, and without a place in a list. */
  private static String undashed(String name) {
    return name.replaceAll("-|\\[\\d+\\]$", "");
  }

  /** The names that exist, with what the operator chose put in for what he may choose. */
  private static List<String> valid(ConfigurationPropertyName given) {
    Matcher place = PLACE.matcher(given.toString());
    String places = place.find() ? place.group() : SettingNames.PLACE;
    return SettingNames.all().stream()
        .map(name -> name.replace(SettingNames.PLACE, places))
        .map(name -> {
          String[] parts = name.split("\\.", -1);
          for (int i = 0; i < parts.length; i++) {
            if (parts[i].equals(SettingNames.CHOSEN) && i < given.getNumberOfElements()) {
              parts[i] = given.getElement(i, Form.ORIGINAL);
            }
          }
          return String.join(".", parts);
        })
        .toList();
  }

  private String invalid(BindValidationException failure) {
    ObjectError error =
        failure.getValidationErrors().getAllErrors().stream()
            .min(Comparator.comparing(ObjectError::toString))
            .orElseThrow();
    String message = String.valueOf(error.getDefaultMessage());
    String name = failure.getValidationErrors().getName().toString();
    if (error instanceof FieldError field) {
      name = SettingNames.ofField(name + "." + field.getField());
    }
    ConfigurationProperty written = written(name);
    return "%s %s%s."
        .formatted(
            shown(name, written == null ? null : written.getValue(), ""),
            message,
            Where.of(written == null ? near(name) : written.getOrigin()))
        .replace("?.", "?");
  }

  /** The setting as it was written, where it was. */
  private @Nullable ConfigurationProperty written(String name) {
    return sources()
        .map(source -> source.getConfigurationProperty(ConfigurationPropertyName.of(name)))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** Where the list was written that {@code name} is of, or what stands under it or beside it. */
  private @Nullable Origin near(String name) {
    ConfigurationPropertyName wanted = ConfigurationPropertyName.of(name);
    ConfigurationProperty list =
        wanted.isLastElementIndexed() ? written(wanted.getParent().toString()) : null;
    if (list != null) {
      return list.getOrigin();
    }
    return Stream.of(wanted, wanted.getParent())
        .flatMap(above -> sources().flatMap(source -> under(source, above)))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  private static Stream<@Nullable Origin> under(
      ConfigurationPropertySource source, ConfigurationPropertyName above) {
    return source instanceof IterableConfigurationPropertySource all
        ? all.stream()
            .filter(above::isAncestorOf)
            .map(all::getConfigurationProperty)
            .map(Origin::from)
        : Stream.empty();
  }

  private Stream<ConfigurationPropertySource> sources() {
    return environment == null
        ? Stream.empty()
        : StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false);
  }

  private String unreadable(BindException failure) {
    ConfigurationProperty property =
        failure.getProperty() == null
            ? written(failure.getName().toString())
            : failure.getProperty();
    Object value = property == null ? null : property.getValue();
    String hint =
        String.valueOf(value).startsWith("tcp://")
            ? "; Kubernetes sets it for a Service of this name: say enableServiceLinks: false"
            : "";
    return "%s must be %s%s%s."
        .formatted(
            shown(failure.getName().toString(), value, ""),
            expected(failure.getTarget().getType().resolve(Object.class)),
            Where.of(property == null ? null : property.getOrigin()),
            hint);
  }

  private static String expected(Class<?> type) {
    if (type.isEnum()) {
      return Stream.of(type.getEnumConstants())
          .map(constant -> String.valueOf(constant).toLowerCase(Locale.ROOT))
          .collect(Collectors.joining(" or "));
    }
    if (type == int.class || type == long.class || type == Integer.class) {
      return "a whole number";
    }
    if (type == Double.class || type == BigDecimal.class) {
      return "a number";
    }
    if (type == boolean.class) {
      return "true or false";
    }
    if (type == Duration.class) {
      return "a duration such as 500ms, 10s or 5m";
    }
    if (type == DataSize.class) {
      return "a size such as 512KB or 20MB";
    }
    return type == String.class || type == URI.class ? "text" : "a group of settings";
  }

  private static String shown(String name, @Nullable Object value, String nearest) {
    boolean secret =
        (name + " " + nearest).toLowerCase(Locale.ROOT).matches(".*(key|secret|token|password).*");
    return value == null || secret || String.valueOf(value).contains("@")
        ? name
        : "%s = '%s'".formatted(name, value);
  }
}
