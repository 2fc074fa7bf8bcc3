package io.iir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.admin.ExplainView;
import io.iir.admin.RuleViews;
import io.iir.auth.AdminKey;
import io.iir.classify.Classification;
import io.iir.feedback.QualityGate;
import io.iir.flow.OfflineRequest;
import io.iir.flow.QualityChoice;
import io.iir.openai.ApiException;
import io.iir.provider.ModelPattern;
import io.iir.rules.DecisionExport;
import io.iir.rules.DecisionRecord;
import io.iir.rules.Explained;
import io.iir.rules.OfflineRules;
import io.iir.rules.RuleEdit;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers without a gateway, by what one exported. */
final class OfflineAnswers implements RuleAnswers {

  private static final String NO_RECORD =
      "There is neither a gateway nor a record: set IIR_ADMIN_KEY (and give --gateway if it is not"
          + " http://localhost:8000), or give --record.";

  private final OfflineRules rules;
  private final @Nullable DecisionExport export;

  /** Answers by {@code rules}; those of {@code export}, if there is one. */
  OfflineAnswers(OfflineRules rules, @Nullable DecisionExport export) {
    this.rules = rules;
    this.export = export;
  }

  @Override
  public List<Problem> validate(List<RuleEdit> edits) {
    return rules.validate(edits);
  }

  @Override
  public JsonNode backtest(RuleEdit edit, int last) throws InvalidRuleException {
    export();
    return Json.sent(RuleViews.of(edit.id(), rules.backtest(edit, last)));
  }

  @Override
  public JsonNode explain(Question question) throws InvalidRuleException {
    DecisionExport known = export();
    if (question.key() != null) {
      throw new CliException("--key needs a gateway: a record holds no keys.");
    }
    Facts facts;
    Classification told = null;
    List<ModelPattern> allowed;
    if (question.request() != null) {
      DecisionRecord record = record(known, question.request());
      facts = record.facts();
      allowed = record.allowed();
    } else {
      OfflineRequest.Known read = read(known, question);
      facts = read.facts();
      told = read.told();
      allowed = AdminKey.KEY.models();
    }
    Explained explained = rules.explain(facts, allowed, question.edit());
    return Json.sent(
        new ExplainView(
                Json.MAPPER,
                known.directory(),
                new QualityChoice(new QualityGate(() -> Classification.RULES)))
            .of(facts, told, allowed, "unknown", explained, null));
  }

  private static DecisionRecord record(DecisionExport export, String id) {
    return export.records().reversed().stream()
        .filter(record -> record.requestId().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new CliException(
                "The record holds no request '%s' among its %d."
                    .formatted(id, export.records().size())));
  }

  private static OfflineRequest.Known read(DecisionExport export, Question question) {
    String body = question.body();
    if (body == null) {
      throw new CliException("Say what is to be explained: give --body or --request.");
    }
    try {
      return new OfflineRequest(export.directory(), export.headers(), Clock.systemUTC())
          .read(body.getBytes(StandardCharsets.UTF_8), question.headers(), AdminKey.KEY);
    } catch (ApiException e) {
      throw new CliException(
          "A gateway would answer %d: %s".formatted(e.error().status(), e.error().message()), e);
    }
  }

  private DecisionExport export() {
    if (export == null) {
      throw new CliException(NO_RECORD);
    }
    return export;
  }

  @Override
  public void close() {
    rules.close();
  }
}
