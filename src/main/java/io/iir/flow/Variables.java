package io.iir.flow;

import io.iir.api.ClientApi;
import io.iir.auth.ApiKey;
import io.iir.auth.Lookup;
import io.iir.backend.EventCopy;
import io.iir.backend.Tally;
import io.iir.backend.UpstreamException;
import io.iir.cache.Place;
import io.iir.classify.Classification;
import io.iir.flow.relay.Hedge;
import io.iir.flow.relay.RelayCall;
import io.iir.local.Lease;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import io.iir.provider.ModelName;
import io.iir.rules.Decision;
import io.iir.rules.DecisionRecord;
import io.iir.rules.language.Facts;
import io.iir.throttle.Permit;
import io.iir.trace.RequestTrace;
import io.iir.transport.ClientLink;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The variables of an exchange, each declared once: what the steps hand to each other, and what
 * routing rules may ask about. Rules read the facts and set {@link #TARGETS} and {@link #REASON}.
 *
 * <p>Longer than 300 lines because each variable is declared here and nowhere else.
 */
public final class Variables {

  private static final Map<String, Variable<?>> ALL = new TreeMap<>();
  private static int slots;

  // ---- the exchange itself

  /** The client's connection: its event loop, and what to abort when the client leaves. */
  public static final Variable<ClientLink> CLIENT_LINK =
      own("clientLink", ClientLink.class, "the engine", "backend-call, metrics");

  /** Identifies the request towards the client, the provider and the log. */
  public static final Variable<String> REQUEST_ID =
      own("requestId", String.class, "the entry", "backend-call, the answer's headers");

  /** When the request came and how long each step took. */
  public static final Variable<Timings> TIMINGS =
      own("timings", Timings.class, "the entry", "every step, the answer's headers");

  /** The request's trace; not set where there are none. */
  public static final Variable<RequestTrace> TRACE =
      own("trace", RequestTrace.class, "the entry", "every step, backend-call, metrics");

  /** The refusal or failure that the client was told. */
  public static final Variable<ApiException> ERROR =
      own(
          "error",
          ApiException.class,
          "the entry, backend-call",
          "cache-store, the answer's headers, metrics");

  /** Headers that the answer has besides those that every answer may have. */
  public static final Variable<Map<String, String>> ANSWER_HEADERS =
      own("answerHeaders", stringMap(), "the entry", "the answer's headers");

  // ---- authenticate

  /** What is known of the caller so far. */
  public static final Variable<Lookup> LOOKUP =
      own("lookup", Lookup.class, "authenticate, key-lookup", "authenticate, key-lookup");

  /** The key that calls. */
  public static final Variable<ApiKey> PRINCIPAL =
      own(
          "principal",
          ApiKey.class,
          "authenticate",
          "require-admin, throttle, classify, cache-lookup, backend-call, administration");

  /** The key's name. */
  public static final Variable<String> KEY =
      fact("key", String.class, "authenticate", "provider-choice");

  /** The key's team; not set if it has none. */
  public static final Variable<String> TEAM =
      fact("team", String.class, "authenticate", "provider-choice");

  /** The key's tags. */
  public static final Variable<Map<String, String>> TAGS =
      fact("tags", stringMap(), "authenticate", "provider-choice");

  /** The SHA-256 of the secret that was sent, in hex; set where the database is to be asked. */
  public static final Variable<String> KEY_HASH =
      fact("keyHash", String.class, "authenticate", "key-lookup");

  // ---- idempotency

  /** What is kept of the answer, for the request has an Idempotency-Key and is its first. */
  public static final Variable<AnswerRecord> ANSWER_RECORD =
      own("answerRecord", AnswerRecord.class, "idempotency", "the entry");

  /** What an Idempotency-Key has done: {@code replayed} or {@code unavailable}. */
  public static final Variable<String> IDEMPOTENCY =
      own("idempotency", String.class, "idempotency", "the answer's headers");

  // ---- throttle

  /** The API that the client speaks; not set: OpenAI's chat completions. */
  public static final Variable<ClientApi> API =
      own("api", ClientApi.class, "the entry", "throttle, classify, the entry");

  /** The request, read once. */
  public static final Variable<ModelRequest> REQUEST =
      own(
          "request",
          ModelRequest.class,
          "throttle",
          "classify, cache-lookup, backend-call, cache-store");

  /** What the request holds of its limits, settled when the answer has ended. */
  public static final Variable<Permit> PERMIT =
      own(
          "permit",
          Permit.class,
          "throttle",
          "provider-choice, backend-call, the answer's headers");

  /** Ends the request's account when its answer ends. */
  public static final Variable<Settlement> SETTLEMENT =
      own("settlement", Settlement.class, "throttle", "the entry");

  /** What the request uses. */
  public static final Variable<Tally> TALLY =
      own("tally", Tally.class, "throttle", "throttle, backend-call, cache-store, metrics");

  // ---- classify: the facts that rules ask about

  /** What is to be done: {@code chat}, {@code embeddings} … */
  public static final Variable<String> OPERATION =
      fact("operation", String.class, "classify", "provider-choice");

  /** The provider that the client named, or {@code auto}. */
  public static final Variable<String> PROVIDER =
      fact("provider", String.class, "classify", "provider-choice");

  /** The model that the client named, without its provider; empty with {@code auto}. */
  public static final Variable<String> MODEL =
      fact("model", String.class, "classify", "provider-choice");

  /** How to choose: {@code pass-through}, {@code auto}, {@code cost-optimized} … */
  public static final Variable<String> STRATEGY =
      fact("strategy", String.class, "classify", "provider-choice");

  /** What is asked for: {@code coding}, {@code translation} … */
  public static final Variable<String> CATEGORY =
      fact("category", String.class, "classify", "provider-choice");

  /** What is known of the request's text; not set for another operation than a chat. */
  public static final Variable<Classification> CLASSIFICATION =
      own("classification", Classification.class, "classify", "the answer's headers");

  /** How hard it looks, 0 to 1. */
  public static final Variable<Double> COMPLEXITY =
      fact("complexity", Double.class, "classify", "provider-choice");

  /** How sure the category is, 0 to 1. */
  public static final Variable<Double> CONFIDENCE =
      fact("confidence", Double.class, "classify", "provider-choice");

  /** The language of the last user message, ISO 639-1, or {@code xx}. */
  public static final Variable<String> LANGUAGE =
      fact("language", String.class, "classify", "provider-choice");

  /** Tokens of the prompt, estimated. */
  public static final Variable<Integer> PROMPT_TOKENS =
      fact("promptTokens", Integer.class, "classify", "provider-choice");

  /** The most tokens that the client wants back; 0: it did not say. */
  public static final Variable<Integer> MAX_TOKENS =
      fact("maxTokens", Integer.class, "classify", "provider-choice");

  /** Whether the client wants a stream. */
  public static final Variable<Boolean> STREAM =
      fact("stream", Boolean.class, "classify", "provider-choice");

  /** Whether the request offers tools. */
  public static final Variable<Boolean> HAS_TOOLS =
      fact("hasTools", Boolean.class, "classify", "provider-choice");

  /** Whether the request has images. */
  public static final Variable<Boolean> HAS_IMAGES =
      fact("hasImages", Boolean.class, "classify", "provider-choice");

  /** Whether the answer is to be JSON. */
  public static final Variable<Boolean> JSON_MODE =
      fact("jsonMode", Boolean.class, "classify", "provider-choice");

  // ---- cache-lookup

  /** What the cache did: {@code hit}, {@code miss}, {@code bypass} or {@code coalesced}. */
  public static final Variable<String> CACHE =
      own("cache", String.class, "cache-lookup", "the answer's headers");

  /** Where the answer is to be kept, and who waits for it; not set where it may not be kept. */
  public static final Variable<Place> CACHE_PLACE =
      own("cachePlace", Place.class, "cache-lookup", "backend-call, cache-store");

  /** How old an answer from the cache is, in seconds. */
  public static final Variable<Long> CACHE_AGE =
      own("cacheAge", Long.class, "cache-lookup", "the answer's headers");

  // ---- provider-choice

  /** What was known when the rules decided. */
  public static final Variable<Facts> FACTS =
      own("facts", Facts.class, "provider-choice", "provider-choice");

  /** What the rules decided. */
  public static final Variable<Decision> DECISION =
      own("decision", Decision.class, "provider-choice", "provider-choice, cache-store");

  /** The hold on the model that is being asked, where that is started on demand. */
  public static final Variable<Lease> LEASE =
      own("lease", Lease.class, "local-model", "local-model, backend-call");

  /** The decision as it is kept for backtests. */
  public static final Variable<DecisionRecord> DECISION_RECORD =
      own("decisionRecord", DecisionRecord.class, "provider-choice", "metrics");

  /** Who may answer, best first: {@code <provider>/<model>} and sets of them, comma-separated. */
  public static final Variable<String> TARGETS =
      fact("targets", String.class, "provider-choice", "provider-choice");

  /** The rule that chose. */
  public static final Variable<String> REASON =
      fact("reason", String.class, "provider-choice or cache-lookup", "the answer's headers");

  // ---- backend-call

  /** The model that the answer comes from. */
  public static final Variable<ModelName> ANSWERED_BY =
      own(
          "answeredBy",
          ModelName.class,
          "backend-call or cache-lookup",
          "cache-store, the answer's headers, metrics");

  /** The targets in order, and how each has fared. */
  public static final Variable<Attempts> ATTEMPTS =
      own("attempts", Attempts.class, "provider-choice", "backend-call");

  /** The choice between two models that the request is; not set if it is none. */
  public static final Variable<Pairing> PAIRING =
      own("pairing", Pairing.class, "provider-choice", "metrics");

  /** Fields of the request that the current target's protocol has no place for. */
  public static final Variable<List<String>> DROPPED =
      own("dropped", stringList(), "backend-call", "the answer's headers");

  /** Whom else to ask where the current target has not begun to answer in time. */
  public static final Variable<Hedge> HEDGE =
      own("hedge", Hedge.class, "backend-call", "the relay: component");

  /** How the current target is called. */
  public static final Variable<RelayCall> RELAY_CALL =
      own("relayCall", RelayCall.class, "backend-call", "the relay: component");

  /** Why the current target gave no answer. */
  public static final Variable<UpstreamException> CALL_FAILURE =
      own("callFailure", UpstreamException.class, "the relay: component", "backend-call");

  /** The stream's events as they pass, for the cache. */
  public static final Variable<EventCopy> EVENT_COPY =
      own("eventCopy", EventCopy.class, "backend-call", "cache-store");

  /** The answer, where it is to be compared with another model's. */
  public static final Variable<JudgeSample> JUDGE_SAMPLE =
      own("judgeSample", JudgeSample.class, "backend-call", "backend-call, the entry");

  private Variables() {}

  /** How many slots a {@link FlowState} has. */
  static int slots() {
    return slots;
  }

  /** The names of those that rules can ask about or set. */
  public static Set<String> inRules() {
    return ALL.values().stream()
        .filter(each -> each.slot() == Variable.BY_NAME)
        .map(Variable::name)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** All variables by name. */
  public static Map<String, Variable<?>> all() {
    return Map.copyOf(ALL);
  }

  @SuppressWarnings("unchecked") // a class object knows no type arguments
  private static Class<List<String>> stringList() {
    return (Class<List<String>>) (Class<?>) List.class;
  }

  @SuppressWarnings("unchecked") // a class object knows no type arguments
  private static Class<Map<String, String>> stringMap() {
    return (Class<Map<String, String>>) (Class<?>) Map.class;
  }

  /** A variable of Camel's own, which rules can ask about. */
  private static <T> Variable<T> fact(String name, Class<T> type, String setBy, String readBy) {
    return declare(new Variable<>(name, type, setBy, readBy));
  }

  /** A variable that only the flow's own steps see. */
  private static <T> Variable<T> own(String name, Class<T> type, String setBy, String readBy) {
    return declare(new Variable<>(name, type, setBy, readBy, slots++));
  }

  private static <T> Variable<T> declare(Variable<T> variable) {
    if (ALL.put(variable.name(), variable) != null) {
      throw new IllegalStateException("declared twice: " + variable.name());
    }
    return variable;
  }
}
