package io.iir.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.provider.Provider;
import io.iir.provider.ProviderStatus;
import io.iir.provider.Providers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an operator should do now, a sentence each, the most urgent first. Stateless. */
final class NextSteps {

  private static final Pattern REFUSED = Pattern.compile("\\b(401|403)\\b");

  /** What is said of a provider that refuses who has no key. */
  private static final String KEYLESS = "none is set";

  private static final List<String> SERVERS = List.of("llama.cpp", "ollama", "vllm");

  private NextSteps() {}

  /**
   * What follows from how things are.
   *
   * @param providers how each provider is
   * @param refreshed whether there ever was a refresh
   * @param machine what is known of the machine
   * @param url the gateway's
   */
  static List<String> of(
      List<ProviderStatus> providers, boolean refreshed, MachineReport machine, String url) {
    List<String> steps = new ArrayList<>();
    providers.stream().filter(status -> !status.isOk()).map(NextSteps::failing).forEach(steps::add);
    if (!refreshed) {
      steps.add(
          "The registry was never refreshed. Look at this machine and ask all providers: %s"
              .formatted(curl(url)));
    } else if (providers.stream().anyMatch(NextSteps::isOld)) {
      steps.add(
          "Some lists of models are from before the restart. Ask again: %s".formatted(curl(url)));
    }
    boolean callable =
        providers.stream()
            .anyMatch(status -> !status.protocol().equals("sim") && status.models() > 0);
    if (!callable) {
      steps.add(
          "No provider has a model but the simulator. Set the key of a vendor, such as"
              + " OPENAI_API_KEY, configure one under iir.providers, or start a model server on"
              + " this machine.");
    }
    String start = start(machine);
    if (start != null
        && providers.stream()
            .anyMatch(status -> status.name().equals(Provider.LOCAL) && status.models() == 0)) {
      steps.add("No model runs on this machine. The best one for it is started by: " + start);
    }
    return steps;
  }

  private static String failing(ProviderStatus status) {
    String variable = status.name().toUpperCase(Locale.ROOT).replace('-', '_');
    String reason = status.list().replaceFirst("^failed: ", "");
    Matcher refused = REFUSED.matcher(reason);
    return refused.find()
        ? "Provider '%s' %s (HTTP %s): %s %s or iir.providers.%s.api-key."
            .formatted(
                status.name(),
                reason.contains(KEYLESS) ? "wants a key, and none is set" : "refuses its key",
                refused.group(),
                reason.contains(KEYLESS) ? "set" : "check",
                String.join(" or ", Providers.keyVariables(status.name())),
                status.name())
        : "Provider '%s' gives no list of models (%s): check that it runs, and %s_BASE_URL or iir.providers.%s.base-url."
            .formatted(status.name(), reason, variable, status.name());
  }

  private static boolean isOld(ProviderStatus status) {
    return status.list().equals("listed before the restart");
  }

  private static String curl(String url) {
    return "curl -X POST %s/v1/registry/refresh -H \"Authorization: Bearer $IIR_ADMIN_KEY\""
        .formatted(url);
  }

  private static @Nullable String start(MachineReport machine) {
    JsonNode commands = machine.recommendations().path(0).path("commands");
    return SERVERS.stream()
        .map(server -> commands.path(server).textValue())
        .filter(command -> command != null)
        .findFirst()
        .orElse(null);
  }
}
