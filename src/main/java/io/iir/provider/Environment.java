package io.iir.provider;

import io.iir.config.BaseUrl;
import io.iir.config.Secret;
import io.iir.config.SecretFile;
import io.iir.config.StartException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says of providers: {@code <NAME>_API_KEY}, {@code <NAME>_API_KEY_FILE},
 * {@code <NAME>_BASE_URL}, and the variables that vendors' own tools read.
 *
 * @param variables the value of a variable, or null
 */
record Environment(Function<String, @Nullable String> variables) {

  /** What {@code variable} holds, without blanks around it; null: nothing. */
  @Nullable String value(String variable) {
    String value = variables.apply(variable);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** What the first of {@code names} holds that holds something. */
  @Nullable String first(String... names) {
    for (String name : names) {
      String value = value(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  /**
   * The key of the provider {@code name}, or null.
   *
   * @throws StartException if a variable or the file that it names holds none
   */
  @Nullable Secret key(String name, Vendor vendor) {
    for (String variable : keyVariables(name, vendor)) {
      String value = value(variable);
      if (value != null) {
        Secret key = SecretFile.resolve(Secret.of(value), "environment variable " + variable);
        if (!key.isPrintable()) {
          throw new StartException(
              "environment variable %s must be visible ASCII without spaces.".formatted(variable));
        }
        return key;
      }
      String file = value(variable + "_FILE");
      if (file != null) {
        return SecretFile.read(Path.of(file), "environment variable %s_FILE".formatted(variable));
      }
    }
    return null;
  }

  /** The {@link #key} of the provider {@code name}, then those of {@code <NAME>_API_KEYS}. */
  List<Secret> keys(String name, Vendor vendor) {
    List<Secret> keys = new ArrayList<>();
    Secret first = key(name, vendor);
    if (first != null) {
      keys.add(first);
    }
    String variable = variable(name, "API_KEYS");
    String several = value(variable);
    for (String each : several == null ? new String[0] : several.split(",", -1)) {
      Secret key = SecretFile.resolve(Secret.of(each), "environment variable " + variable);
      if (!key.isPrintable()) {
        throw new StartException(
            "environment variable %s must be keys of visible ASCII, with commas between them."
                .formatted(variable));
      }
      if (!key.isEmpty() && !keys.contains(key)) {
        keys.add(key);
      }
    }
    return keys;
  }

  /**
   * The base URL of the provider {@code name}, or null.
   *
   * @throws StartException if a variable holds no URL
   */
  @Nullable String baseUrl(String name, Vendor vendor) {
    String variable = variable(name, "BASE_URL");
    if (value(variable) == null && vendor.equals(Vendors.named("azure"))) {
      variable = "AZURE_OPENAI_ENDPOINT";
    }
    String value = value(variable);
    String problem = value == null ? null : BaseUrl.Check.problem(value);
    if (problem != null) {
      throw new StartException(
          "environment variable %s = '%s' %s.".formatted(variable, value, problem));
    }
    return value;
  }

  /** The variable {@code <NAME>_<WHAT>}. */
  static String variable(String name, String what) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + what;
  }

  /** The variables that may hold the key of the provider {@code name}; the first that does wins. */
  static List<String> keyVariables(String name, Vendor vendor) {
    List<String> all = new ArrayList<>();
    all.add(variable(name, "API_KEY"));
    if (!vendor.name().isEmpty() && !vendor.name().equals(name)) {
      all.add(variable(vendor.name(), "API_KEY"));
    }
    all.addAll(vendor.otherKeys());
    return all;
  }
}
