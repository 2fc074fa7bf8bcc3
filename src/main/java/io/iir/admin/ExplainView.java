package io.iir.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.Classification;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.provider.Candidate;
import io.iir.provider.Explanation;
import io.iir.provider.ModelPattern;
import io.iir.provider.Price;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.Choosing;
import io.iir.rules.Decision;
import io.iir.rules.Explained;
import io.iir.rules.Failure;
import io.iir.rules.Trace;
import io.iir.rules.Verdict;
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An explanation as an administrator sees it. */
public final class ExplainView {

  private final ObjectMapper json;
  private final ProviderDirectory directory;

  /** Finds the models that are meant in {@code directory}. */
  public ExplainView(ObjectMapper json, ProviderDirectory directory) {
    this.json = json;
    this.directory = directory;
  }

  /**
   * What would be done with a request.
   *
   * @param facts what is known of it
   * @param told what was told of its text; null: not kept with a recorded request
   * @param allowed the models that its key may use
   * @param cache what the cache does
   * @param explained what the rules decide
   * @param refusal what it is refused with; null: nothing
   */
  public ObjectNode of(
      Facts facts,
      @Nullable Classification told,
      List<ModelPattern> allowed,
      String cache,
      Explained explained,
      @Nullable ApiException refusal) {
    ObjectNode view = json.createObjectNode().put("object", "explanation");
    view.putObject("classification")
        .put("category", facts.text(Fact.CATEGORY))
        .putPOJO("complexity", facts.get(Fact.COMPLEXITY))
        .putPOJO("confidence", facts.get(Fact.CONFIDENCE))
        .put("language", facts.text(Fact.LANGUAGE))
        .put("stage", told == null ? null : (Integer) told.stage())
        .put("version", told == null ? null : told.version())
        .put("likely", told == null ? null : told.likely().wireName())
        .put("default", told == null ? null : (Boolean) told.byDefault());
    ObjectNode variables = view.putObject("variables");
    facts.set().forEach((fact, value) -> variables.putPOJO(fact.word(), value));
    ObjectNode headers = view.putObject("headers");
    new TreeMap<>(facts.headers()).forEach(headers::put);
    view.put("cache", cache);
    ObjectNode rules = view.putObject("rules");
    new TreeMap<>(explained.versions())
        .forEach((id, version) -> rules.put(id, version == 0 ? null : version));
    ArrayNode path = view.putArray("path");
    explained.steps().forEach(step -> path.add(of(step)));
    add(view, explained.verdict());
    int prompt = facts.number(Fact.PROMPT_TOKENS);
    int completion = completionTokens(facts);
    view.putObject("tokens").put("prompt", prompt).put("completion", completion);
    add(
        view,
        explained.verdict() instanceof Decision decision
            ? Choosing.explain(decision, facts, allowed, directory)
            : new Explanation(List.of(), List.of()),
        prompt,
        completion);
    view.set("error", refusal == null ? null : of(refusal.error()));
    return view;
  }

  private ObjectNode of(Trace.Step step) {
    ObjectNode view = json.createObjectNode();
    view.put("rule", step.rule());
    view.put("branch", step.branch().id());
    view.put("line", step.branch().line());
    view.put("condition", step.branch().condition());
    view.put("value", step.value());
    view.putPOJO("asked", step.asked());
    view.put("taken", step.taken());
    return view;
  }

  private ObjectNode of(Failure failure) {
    return json.createObjectNode()
        .put("cause", failure.cause().word())
        .put("message", failure.message());
  }

  private ObjectNode of(ApiError error) {
    return json.createObjectNode()
        .put("status", error.status())
        .put("code", error.code())
        .put("message", error.message())
        .put("param", error.param());
  }

  private void add(ObjectNode view, Verdict verdict) {
    Decision decision = verdict instanceof Decision made ? made : null;
    Failure failure = verdict instanceof Failure none ? none : null;
    Failure fallback = decision == null ? failure : decision.fallback();
    view.put("reason", decision == null ? null : decision.reason());
    view.put("targets", decision == null ? null : decision.text());
    view.set("fallback", fallback == null ? null : of(fallback));
    view.put("cache_ttl", decision == null ? null : text(decision.cacheTtl()));
    view.put("timeout", decision == null ? null : text(decision.timeout()));
    ArrayNode tags = view.putArray("tags");
    if (decision != null) {
      decision.tags().forEach(tags::add);
    }
  }

  private static @Nullable String text(@Nullable Duration duration) {
    return duration == null ? null : duration.toString();
  }

  private static void add(ObjectNode view, Explanation models, int prompt, int completion) {
    ArrayNode chosen = view.putArray("chosen");
    for (Candidate model : models.chosen()) {
      Price price = model.facts().price();
      chosen
          .addObject()
          .put("model", model.name().id())
          .put("usd", price == null ? null : RuleViews.usd(price.nanoUsd(prompt, completion)));
    }
    ArrayNode leftOut = view.putArray("left_out");
    models
        .leftOut()
        .forEach(model ->
            leftOut.addObject().put("model", model.name().id()).put("why", model.reason()));
  }

  private static int completionTokens(Facts facts) {
    int wanted = facts.number(Fact.MAX_TOKENS);
    return wanted == 0 ? Choosing.USUAL_ANSWER : wanted;
  }
}
