package io.iir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.iir.rules.RuleEdit;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has a running gateway answer. */
final class GatewayAnswers implements RuleAnswers {

  private static final String RULES = "/api/v1/rules";
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final GatewayClient gateway;

  /** Asks {@code gateway}. */
  GatewayAnswers(GatewayClient gateway) {
    this.gateway = gateway;
  }

  /**
   * A rule's text that decides.
   *
   * @param version its number
   * @param since since when it decides, ISO 8601
   * @param text the text
   */
  record Live(long version, String since, String text) {}

  @Override
  public List<Problem> validate(List<RuleEdit> edits) {
    List<Problem> all = new ArrayList<>();
    for (RuleEdit edit : edits) {
      JsonNode answer = gateway.good(gateway.post(RULES + "/validate", json(edit)));
      for (JsonNode error : answer.path("errors")) {
        all.add(
            new Problem(
                error.path("file").asText(),
                error.path("line").asInt(),
                error.path("column").asInt(),
                error.path("message").asText(),
                error.path("hint").isTextual() ? error.path("hint").asText() : null));
      }
    }
    return all;
  }

  @Override
  public JsonNode backtest(RuleEdit edit, int last) throws InvalidRuleException {
    ObjectNode body = json(edit);
    if (last != Integer.MAX_VALUE) {
      body.put("last", last);
    }
    return answer(gateway.post(RULES + "/backtest", body), edit);
  }

  @Override
  public JsonNode explain(Question question) throws InvalidRuleException {
    if (question.body() == null) {
      throw new CliException(
          "--request needs --record: a gateway explains requests that it is sent, by --body.");
    }
    ObjectNode body = Json.MAPPER.createObjectNode();
    body.putRawValue("request", new RawValue(question.body()));
    ObjectNode headers = body.putObject("headers");
    question.headers().forEach(headers::put);
    if (question.key() != null) {
      body.put("key", question.key());
    }
    if (question.edit() != null) {
      body.set("rule", json(question.edit()));
    }
    return answer(gateway.post("/api/v1/explain", body), question.edit());
  }

  /** The text of the rule {@code id} that decides; null if there is no such rule. */
  @Nullable Live live(String id) {
    for (JsonNode rule : gateway.good(gateway.get(RULES)).path("data")) {
      if (rule.path("id").asText().equals(id)) {
        return live(id, rule);
      }
    }
    return null;
  }

  private @Nullable Live live(String id, JsonNode rule) {
    GatewayClient.Answer versions = gateway.get(RULES + "/" + id + "/versions");
    if (versions.status() != NOT_FOUND) {
      for (JsonNode version : gateway.good(versions).path("data")) {
        if (version.path("hash").equals(rule.path("hash"))) {
          return new Live(
              rule.path("version").asLong(),
              rule.path("active_since").asText(),
              version.path("text").asText());
        }
      }
    }
    throw new CliException(
        "%s does not know any more what text of the rule '%s' decides.".formatted(gateway, id));
  }

  /** The body of {@code answer}; where a rule is wrong, all that is wrong with it. */
  private JsonNode answer(GatewayClient.Answer answer, @Nullable RuleEdit edit)
      throws InvalidRuleException {
    if (edit != null && answer.status() == BAD_REQUEST && answer.code().equals("invalid_rule")) {
      List<Problem> problems = validate(List.of(edit));
      if (!problems.isEmpty()) {
        throw new InvalidRuleException(problems, null);
      }
    }
    return gateway.good(answer);
  }

  private static ObjectNode json(RuleEdit edit) {
    return Json.MAPPER.createObjectNode().put("text", edit.text()).put("id", edit.id());
  }

  @Override
  public void close() {
    gateway.close();
  }
}
