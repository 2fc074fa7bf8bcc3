package io.iir.metrics;

/**
 * The names of all meters; docs and dashboards name no other. OpenTelemetry's where it defines one.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">OpenTelemetry's
 *     generative AI metrics</a>
 */
public enum Meters {
  /**
   * Requests by entry ({@code route}), {@code outcome}, {@code status} class, the model that was
   * asked last, and what the {@code cache} did.
   */
  REQUESTS("iir.requests"),
  /** From a request's arrival to its answer's last byte, by entry ({@code route}). */
  REQUEST_DURATION("iir.request.duration"),
  /** Requests whose answer has not ended. */
  REQUESTS_IN_FLIGHT("iir.requests.in.flight"),
  /** Bytes of request bodies that are in memory now, of all clients together. */
  SERVER_HELD("iir.server.held"),
  /** How long a step took, by {@code step}, in buckets. */
  STEP_DURATION("iir.step.duration"),
  /** Chats by what they ask for ({@code category}) and the {@code stage} that told. */
  CLASSIFICATIONS("iir.classifications"),
  /** Texts for the second stage of classification, by {@code result}. */
  CLASSIFY_ENCODER("iir.classify.encoder"),
  /** Answers that were scored, by {@code source}: client, retry, judge. */
  FEEDBACK_EVENTS("iir.feedback.events"),
  /** Comparisons of answers by a judge model, by {@code outcome}. */
  JUDGE_COMPARISONS("iir.judge.comparisons"),
  /** Look-ups in the cache by {@code result} and {@code where} the answer was. */
  CACHE_LOOKUPS("iir.cache.lookups"),
  /** Answers in memory. */
  CACHE_ENTRIES("iir.cache.entries"),
  /** Bytes of memory that they take. */
  CACHE_SIZE("iir.cache.size"),
  /** Answers that were dropped from memory for want of room. */
  CACHE_EVICTIONS("iir.cache.evictions"),
  /** Calls to providers by {@code provider} and {@code outcome}. */
  BACKEND_CALLS("iir.backend.calls"),
  /** Calls made once more by {@code provider} and {@code outcome}: made, no_budget. */
  BACKEND_RETRIES("iir.backend.retries"),
  /** Changes of circuit breakers by {@code provider} and new {@code state}. */
  BREAKER_CHANGES("iir.breaker.changes"),
  /** Circuit breakers by {@code provider} and {@code state}. */
  BREAKERS("iir.breakers"),
  /** 1 for the {@code state} that a {@code provider} is in. */
  PROVIDER_STATE("iir.provider.state"),
  /** Keys of a {@code provider} that are not used now, having been refused. */
  PROVIDER_KEYS_COOLED("iir.provider.keys.cooled"),
  /** Endpoints of a {@code provider} that are not called now, having failed. */
  PROVIDER_ENDPOINTS_EJECTED("iir.provider.endpoints.ejected"),
  /** Connections to a {@code provider} by {@code state}: active, idle. */
  UPSTREAM_CONNECTIONS("iir.upstream.connections"),
  /** Calls to a {@code provider} that wait for a connection. */
  UPSTREAM_WAITING("iir.upstream.waiting"),
  /** Second calls beside a slow one, by {@code provider} and {@code outcome}: won, lost … */
  BACKEND_HEDGES("iir.backend.hedges"),
  /** Streams that another {@code provider} went on with, by {@code outcome}: resumed, restarted. */
  BACKEND_RESUMES("iir.backend.resumes"),
  /** Refusals by the {@code limit} that was reached and the {@code scope} of whose it is. */
  THROTTLE_REFUSALS("iir.throttle.refusals"),
  /** Tokens of prompts as their provider counted them, divided by the estimate, by provider. */
  THROTTLE_ESTIMATE_ERROR("iir.throttle.estimate.error"),
  /** Decisions about limits that were made without Redis. */
  THROTTLE_FALLBACKS("iir.throttle.fallbacks"),
  /** Ends of requests that Redis has not heard of yet. */
  THROTTLE_UNDELIVERED("iir.throttle.undelivered"),
  /** Times that what was let in without Redis was added to its limits. */
  THROTTLE_MERGES("iir.throttle.merges"),
  /** Times that this gateway told a Redis that it holds requests, and which. */
  THROTTLE_JOINS("iir.throttle.joins"),
  /** Alerts that a budget is nearly used up, by the {@code scope} of whose it is. */
  BUDGET_ALERTS("iir.budget.alerts"),
  /** Requests that cost more than was reserved for them. */
  BUDGET_OVERSHOOT("iir.budget.overshoot"),
  /** The used share of the budgets of the gateway and of teams, by {@code scope} and name. */
  BUDGET_USED("iir.budget.used"),
  /** What requests cost, in USD, by provider and model. */
  COST("iir.cost"),
  /** Requests by {@code team} and {@code outcome}. */
  TEAM_REQUESTS("iir.team.requests"),
  /** Tokens by {@code team} and {@code gen_ai.token.type}. */
  TEAM_TOKENS("iir.team.tokens"),
  /** What requests cost, in USD, by {@code team}. */
  TEAM_COST("iir.team.cost"),
  /** Models that are started on demand: 1 for the {@code state} that the {@code model} is in. */
  LOCAL_STATE("iir.local.state"),
  /** Requests that use such a {@code model}, or wait for it. */
  LOCAL_USERS("iir.local.users"),
  /** Starts of such a {@code model} by {@code outcome}: ready, failed, crashed. */
  LOCAL_STARTS("iir.local.starts"),
  /** How long the start of such a {@code model} took. */
  LOCAL_LOAD_DURATION("iir.local.load.duration"),
  /** Requests refused before any route has seen them, by {@code status}. */
  SERVER_REFUSALS("iir.server.refusals"),
  /** Texts of rules that went live, by {@code rule}. */
  RULES_ACCEPTED("iir.rules.accepted"),
  /** Texts of rules that were refused, by {@code rule}. */
  RULES_REJECTED("iir.rules.rejected"),
  /** Texts of rules that were taken back, by {@code rule}. */
  RULES_ROLLBACKS("iir.rules.rollbacks"),
  /** Requests that the shipped rules decided, by why ({@code cause}) the operator's did not. */
  RULES_FALLBACKS("iir.rules.fallbacks"),
  /** Which of its texts a {@code rule} has that is live; 0: none. */
  RULES_VERSION("iir.rules.version"),
  /** 1 for a {@code rule} whose newest text is refused, else 0. */
  RULES_DEGRADED("iir.rules.degraded"),
  /** Decisions that took a {@code branch} of a {@code rule}. */
  RULES_BRANCH_HITS("iir.rules.branch.hits"),
  /** Refreshes of the registry by {@code outcome}: success, partial, failed. */
  REGISTRY_REFRESHES("iir.registry.refreshes"),
  /** Models on offer by {@code state}. */
  REGISTRY_MODELS("iir.registry.models"),
  /** Calls to Redis by {@code outcome}: success, failure, timeout, skipped. */
  REDIS_CALLS("iir.redis.calls"),
  /** How long Redis took to answer calls. */
  REDIS_CALL_DURATION("iir.redis.call.duration"),
  /** 1 if Redis is called, 0 while it is away. */
  REDIS_UP("iir.redis.up"),
  /** 1 if the database answered when it was asked last, else 0. */
  DATABASE_UP("iir.database.up"),
  /** Gateways that share one Redis, as far as this one knows. */
  REPLICAS("iir.replicas"),
  /** Rows of the usage ledger by {@code outcome}: written, known, lost. */
  USAGE_ROWS("iir.usage.rows"),
  /** Rows of the usage ledger that wait to be written to the database. */
  USAGE_WAITING("iir.usage.waiting"),
  /** For how long they have waited, in seconds. */
  USAGE_LAG("iir.usage.lag"),
  /** How late the event loops run, by {@code loop}, in seconds. */
  EVENT_LOOP_LAG("iir.eventloop.lag"),
  /** Spans of traces by {@code outcome}: exported, failed, dropped. */
  TRACE_SPANS("iir.trace.spans"),
  /** Lines about requests that the log had no room for. */
  LOG_DROPPED("iir.log.dropped"),
  /** 1, with the {@code version} of the gateway. */
  INFO("iir.info"),
  /** How long calls to providers took, from the first byte sent to the last byte received. */
  OPERATION_DURATION("gen_ai.client.operation.duration"),
  /** From a request's arrival to the first token of its streamed answer, by model. */
  TIME_TO_FIRST_TOKEN("gen_ai.server.time_to_first_token"),
  /** How long each token of a streamed answer took after its first, by model. */
  TIME_PER_OUTPUT_TOKEN("gen_ai.server.time_per_output_token"),
  /** Tokens of a request by model and {@code gen_ai.token.type}: input, output. */
  TOKEN_USAGE("gen_ai.client.token.usage");

  private final String id;

  Meters(String id) {
    this.id = id;
  }

  /** The name as Micrometer knows it; Prometheus shows dots as underscores, with a unit behind. */
  public String id() {
    return id;
  }
}
