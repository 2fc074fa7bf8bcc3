package io.iir.local;

import io.iir.config.LocalModelSettings;
import io.iir.config.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a program gets as its environment, and which secrets are to be kept out of what it prints.
 *
 * @param environment the gateway's own without what holds secrets or is meant for the gateway, and
 *     what the settings add
 * @param secrets all that was left out, and the secrets that the program was given
 */
record ProgramSecrets(Map<String, String> environment, List<String> secrets) {

  /** What programs need though its name says secret: the key to download weights. */
  private static final List<String> KEPT = List.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");

  /** Those of a program with {@code settings}, started by a gateway with {@code inherited}. */
  static ProgramSecrets of(LocalModelSettings settings, Map<String, String> inherited) {
    Map<String, String> environment = new HashMap<>();
    List<String> secrets = new ArrayList<>();
    inherited.forEach((name, value) -> {
      boolean secret = Scrubber.isSecretName(name);
      if (secret) {
        secrets.add(value);
      }
      if (KEPT.contains(name) || !(secret || name.startsWith("IIR_"))) {
        environment.put(name, value);
      }
    });
    settings
        .environment()
        .forEach((name, value) -> {
          if (Scrubber.isSecretName(name)) {
            secrets.add(value.value());
          }
          environment.put(name, value.value());
        });
    Secret key = settings.apiKey();
    if (key != null) {
      secrets.add(key.value());
    }
    List<String> command = settings.command();
    for (int i = 1; i < command.size(); i++) {
      String option = command.get(i - 1);
      if (option.startsWith("-") && Scrubber.isSecretName(option.toUpperCase(Locale.ROOT))) {
        secrets.add(command.get(i));
      }
    }
    return new ProgramSecrets(Map.copyOf(environment), List.copyOf(secrets));
  }
}
