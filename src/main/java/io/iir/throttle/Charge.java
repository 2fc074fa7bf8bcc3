package io.iir.throttle;

import java.util.List;

/**
 * What one request takes from each of its quotas: one request, one place among those that run, and
 * what is said here.
 *
 * @param quotas sorted by {@link Scope}; one at most for each subject
 * @param tokens tokens that it may use, reserved
 * @param nanoUsd what it may cost at most, in billionths of a USD, reserved; 0 where that is not
 *     known yet: then it passes if the budget is not used up
 */
public record Charge(List<Quota> quotas, long tokens, long nanoUsd) {

  public Charge {
    quotas = List.copyOf(quotas);
  }
}
