package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.flow.Variables;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.rules.BacktestReport;
import io.iir.rules.RuleEdit;
import io.iir.rules.RuleStatus;
import io.iir.rules.RuleVersion;
import io.iir.rules.Rules;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** The endpoints {@code /api/v1/rules}: look at rules, try edits, apply and take them back. */
@Component
public class RulesRoute extends AdminEndpoints {

  private static final String ALL = "platform-http:/api/v1/rules";
  private static final String AUDIT = "sql:classpath:sql/audit.sql?noop=true";
  private static final String EDITS = "?httpMethodRestrict=POST&consumes=" + RuleEdits.CONSUMES;
  private static final String ID = "id";
  private static final String LAST = "last";
  private static final int MOST_VERSIONS = 50;
  private static final int MOST_RECORDS = 1_000_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Rules rules;
  private final SecureRandom random = new SecureRandom();

  /** The endpoints of {@code rules}. */
  public RulesRoute(Rules rules) {
    this.rules = rules;
  }

  @Override
  public void configure() {
    endpoint("rules-list", ALL + "?httpMethodRestrict=GET", "Shows how each rule is")
        .process(exchange -> render(exchange, 200, RuleViews.list(rules.status())))
        .id("rules-list.render");

    endpoint(
            "rules-versions",
            ALL + "/{id}/versions?httpMethodRestrict=GET",
            "Lists the texts that a rule had or was to have, the newest first")
        .process(this::versions)
        .id("rules-versions.render");

    endpoint("rules-validate", ALL + "/validate" + EDITS, "Checks a rule's text without using it")
        .process(this::validate)
        .id("rules-validate.check");

    endpoint(
            "rules-reload",
            ALL + "/reload?httpMethodRestrict=POST",
            "Looks at the routes folder now, also at what was refused or rolled back")
        .process(this::reload)
        .id("rules-reload.apply")
        .to(AUDIT)
        .id("rules-reload.audit")
        .process(exchange -> render(exchange, 200, RuleViews.list(rules.status())))
        .id("rules-reload.render");

    endpoint(
            "rules-rollback",
            ALL + "/{id}/rollback?httpMethodRestrict=POST",
            "Goes back to the text of a rule before the one that is live")
        .process(this::rollBack)
        .id("rules-rollback.apply")
        .to(AUDIT)
        .id("rules-rollback.audit")
        .process(exchange -> render(exchange, 200, RuleViews.of(status(id(exchange)))))
        .id("rules-rollback.render");

    endpoint(
            "rules-backtest",
            ALL + "/backtest" + EDITS,
            "Tells what a rule's text would have changed for the last requests")
        .process(this::backtest)
        .id("rules-backtest.run");

    endpoint(
            "rules-decisions",
            ALL + "/decisions?httpMethodRestrict=GET",
            "Exports the models on offer and the recorded decisions, a line of JSON each")
        .process(this::decisions)
        .id("rules-decisions.render");
  }

  private void versions(Exchange exchange) {
    String id = id(exchange);
    List<RuleVersion> versions = rules.versions(id, MOST_VERSIONS);
    if (versions.isEmpty()) {
      throw noRule(id);
    }
    render(exchange, 200, RuleViews.versions(versions));
  }

  private void validate(Exchange exchange) {
    render(exchange, 200, RuleViews.validation(rules.validate(RuleEdits.of(exchange))));
  }

  private void reload(Exchange exchange) {
    String author = Variables.PRINCIPAL.get(exchange).id();
    rules.reload(author);
    audit(exchange, "rules", "rules.reload");
  }

  private void rollBack(Exchange exchange) {
    String id = id(exchange);
    status(id);
    List<Problem> why = rules.rollBack(id, Variables.PRINCIPAL.get(exchange).id());
    if (why != null) {
      throw new ApiException(
          ApiError.invalid(
              409,
              "no_earlier_version",
              why.isEmpty()
                  ? "There is no text of the rule '%s' before the one that is live.".formatted(id)
                  : "The text before is of no use now: " + why.getFirst(),
              ID));
    }
    audit(exchange, id, "rule.rollback");
  }

  private void audit(Exchange exchange, String subject, String action) {
    String actor = Variables.PRINCIPAL.get(exchange).id();
    ObjectNode detail = JSON.createObjectNode();
    rules.status().forEach(rule -> detail.put(rule.id(), rule.version()));
    exchange
        .getMessage()
        .setBody(new Audit(actor, Instant.now(), random).row(subject, action, detail.toString()));
  }

  private void backtest(Exchange exchange) {
    RuleEdit edit;
    int most = MOST_RECORDS;
    if (RuleEdits.isYaml(exchange)) {
      edit = RuleEdits.of(exchange);
    } else {
      JsonNode root = JsonBody.parse(exchange.getMessage().getBody(byte[].class));
      Fields.checkNames(root, "", List.of("text", ID, LAST));
      edit = RuleEdits.of(root);
      Integer last = root.has(LAST) ? Fields.count(root.path(LAST), LAST) : null;
      most = last == null ? most : last;
    }
    try {
      BacktestReport report = rules.backtest(edit, most);
      render(exchange, 200, RuleViews.of(report));
    } catch (InvalidRuleException e) {
      throw invalid(e);
    }
  }

  private void decisions(Exchange exchange) throws IOException {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    rules.export().write(lines);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/x-ndjson");
    exchange.getMessage().setBody(lines.toByteArray());
  }

  private RuleStatus status(String id) {
    return rules.status().stream()
        .filter(rule -> rule.id().equals(id))
        .findFirst()
        .orElseThrow(() -> noRule(id));
  }

  private ApiException noRule(String id) {
    return new ApiException(
        ApiError.invalid(
            404,
            "not_found",
            "There is no rule '%s'; there are %s."
                .formatted(
                    id, String.join(", ", rules.status().stream().map(RuleStatus::id).toList())),
            ID));
  }

  /** The refusal of a text that cannot be used. */
  static ApiException invalid(InvalidRuleException e) {
    return new ApiException(
        ApiError.invalid(
            400,
            "invalid_rule",
            "The text cannot go live: "
                + String.join("; ", e.problems().stream().map(Problem::toString).toList()),
            "text"));
  }

  private static String id(Exchange exchange) {
    return exchange.getMessage().getHeader(ID, "", String.class);
  }
}
