package io.iir.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.rules.RuleEdit;
import io.iir.rules.language.InvalidRuleException;
import io.iir.rules.language.Problem;
import java.util.List;

/**
 * Who answers what commands ask: a gateway, or what it exported. Both answer in the JSON of the
 * API.
 */
interface RuleAnswers extends AutoCloseable {

  /** What is wrong with {@code edits}, each of another rule; empty if nothing is. */
  List<Problem> validate(List<RuleEdit> edits);

  /**
   * What {@code edit} would have changed for at most {@code last} requests.
   *
   * @throws InvalidRuleException if it could not go live
   */
  JsonNode backtest(RuleEdit edit, int last) throws InvalidRuleException;

  /**
   * What would be done with a request, and why.
   *
   * @throws InvalidRuleException if the edit could not go live
   */
  JsonNode explain(Question question) throws InvalidRuleException;

  @Override
  void close();
}
