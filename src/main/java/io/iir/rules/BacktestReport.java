package io.iir.rules;

import java.util.List;
import java.util.Map;

/**
 * What an edit would have changed. Costs are in billionths of a USD and add up exactly. Immutable.
 *
 * @param total of all decisions
 * @param moves from which model to which, the most frequent first
 * @param byCategory of each category
 * @param byTeam of each team; "" for keys without one
 * @param failures the requests that the edit would have failed for, as how often by what went wrong
 */
public record BacktestReport(
    Totals total,
    List<Move> moves,
    Map<String, Totals> byCategory,
    Map<String, Totals> byTeam,
    Map<String, Integer> failures) {

  public BacktestReport {
    moves = List.copyOf(moves);
  }

  /**
   * Some decisions together.
   *
   * @param decisions how many
   * @param changed how many would go to another model first
   * @param unpriced how many whose model, before or after, has no known price; they add no cost
   * @param nanoUsdBefore what the others are estimated to have cost
   * @param nanoUsdAfter what the others are estimated to cost by the edit
   */
  public record Totals(
      int decisions, int changed, int unpriced, long nanoUsdBefore, long nanoUsdAfter) {

    /** Of no decisions. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0);

    Totals plus(Totals other) {
      return new Totals(
          decisions + other.decisions,
          changed + other.changed,
          unpriced + other.unpriced,
          nanoUsdBefore + other.nanoUsdBefore,
          nanoUsdAfter + other.nanoUsdAfter);
    }
  }

  /**
   * Requests that would go elsewhere.
   *
   * @param from the model that they would go to first by what was decided
   * @param to the one by the edit
   * @param decisions how many
   */
  public record Move(String from, String to, int decisions) {}
}
