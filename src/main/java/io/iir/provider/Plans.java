package io.iir.provider;

import io.iir.openai.Operation;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** What is worked out once for each change of what is offered. Thread-safe. */
final class Plans {

  /** Callers may make any number of names and keys; beyond so many, nothing is kept. */
  private static final int MOST = 1000;

  /**
   * What is planned.
   *
   * @param targets what the rules say
   * @param operation what is to be done
   * @param allowed what the caller may use
   */
  private record Wanted(TargetList targets, Operation operation, List<ModelPattern> allowed) {}

  private final ConcurrentMap<Wanted, Plan> plans = new ConcurrentHashMap<>();
  private final ConcurrentMap<ModelName, Candidate> candidates = new ConcurrentHashMap<>();

  private volatile @Nullable List<String> localModels;

  /** The ids of the local models of {@code directory}. */
  List<String> localModels(ProviderDirectory directory) {
    List<String> known = localModels;
    if (known == null) {
      known = directory.candidates(Provider::isLocal).stream().map(ModelName::id).toList();
      localModels = known;
    }
    return known;
  }

  Plan plan(TargetList targets, Needs needs, ProviderDirectory directory) {
    Wanted wanted = new Wanted(targets, needs.operation(), needs.allowed());
    Plan plan = plans.get(wanted);
    if (plan == null) {
      plan = targets.plan(directory, needs);
      if (plans.size() < MOST) {
        plans.put(wanted, plan);
      }
    }
    return plan;
  }

  @Nullable Candidate candidate(ModelName name, ProviderDirectory directory) {
    Candidate candidate = candidates.get(name);
    if (candidate == null) {
      candidate = directory.newCandidate(name);
      if (candidate != null && candidates.size() < MOST) {
        candidates.put(name, candidate);
      }
    }
    return candidate;
  }
}
