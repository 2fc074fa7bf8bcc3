package io.iir.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.iir.rules.language.InvalidRuleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rules explain}: what would be done with a request, and why. */
@Command(
    name = "explain",
    description = {
      "Print what would be done with a chat request, and why; no model is called.",
      "With FILE that rule is tried in the place of the one that decides. Without a gateway a"
          + " request is explained with a record, as the administrator's; its cache is not known."
    })
final class ExplainCommand extends RuleCommand {

  private static final String HEADER_NAME = "[A-Za-z0-9-]{1,100}";

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "A file with a rule to be tried; - is standard input.")
  private @Nullable String file;

  @Mixin private final OfflineOptions offline = new OfflineOptions();

  @Option(
      names = "--body",
      paramLabel = "FILE",
      description = "The chat request, JSON; - is standard input.")
  private @Nullable String body;

  @Option(
      names = "--header",
      paramLabel = "'NAME: VALUE'",
      description = "A header that the request comes with; may be repeated.")
  private List<String> headers = List.of();

  @Option(
      names = "--key",
      paramLabel = "ID",
      description = "The id of the API key that it comes with; the administrator's if not said.")
  private @Nullable String key;

  @Option(
      names = "--request",
      paramLabel = "ID",
      description = "With --record: the x-request-id of the recorded request that is explained.")
  private @Nullable String request;

  @Option(names = "--json", description = "Print the JSON that the API answers.")
  private boolean json;

  ExplainCommand(Shell shell) {
    super(shell);
  }

  @Override
  public Integer call() {
    if ((body == null) == (request == null)) {
      throw new CliException(
          "Say what is to be explained: give --body, or --request with --record.");
    }
    Map<String, String> given = headers();
    List<RuleSource> sources = new ArrayList<>();
    try {
      if (file != null) {
        sources.add(source(file));
      }
      Question question =
          new Question(
              sources.isEmpty() ? null : sources.getFirst().edit(),
              body == null ? null : json(body),
              given,
              key,
              request);
      try (RuleAnswers answers = answers(offline, sources)) {
        JsonNode explanation = answers.explain(question);
        if (answers instanceof OfflineAnswers && explanation.path("quality").isObject()) {
          err()
              .println(
                  "note: no calibration of models is used, which a record does not hold: a gateway"
                      + " may ask the strong model first");
        }
        show(json ? Json.pretty(explanation) + "\n" : new ExplainText(explanation).toString());
        return explanation.path("fallback").isObject() ? WRONG : FINE;
      }
    } catch (InvalidRuleException e) {
      print(err(), e.problems(), sources);
      return WRONG;
    }
  }

  /** The JSON object in the file {@code path}, as it stands there. */
  private String json(String path) {
    String text = shell().text(path);
    try {
      if (Json.MAPPER.readTree(text).isObject()) {
        return text;
      }
    } catch (JsonProcessingException e) {
      throw new CliException(
          "%s:%d:%d: is not JSON: %s"
              .formatted(
                  Shell.name(path),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()),
          e);
    }
    throw new CliException(
        "%s is no chat request: it is no JSON object.".formatted(Shell.name(path)));
  }

  private Map<String, String> headers() {
    Map<String, String> all = new LinkedHashMap<>();
    for (String header : headers) {
      int colon = header.indexOf(':');
      String name = header.substring(0, Math.max(0, colon)).strip();
      if (!name.matches(HEADER_NAME)) {
        throw new CliException("--header '%s' is not 'Name: value'.".formatted(header));
      }
      all.put(name.toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    return all;
  }
}
