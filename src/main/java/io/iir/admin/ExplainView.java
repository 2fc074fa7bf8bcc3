package io.iir.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.iir.rules.language.Fact;
import io.iir.rules.language.Facts;
import java.util.List;

/** An explanation as an administrator sees it. */
public final class ExplainView {

  private final ObjectMapper json;
  private final ProviderDirectory directory;

  /** Finds the models that are meant in {@code directory}. */
  public ExplainView(ObjectMapper json, ProviderDirectory directory) {
    this.json = json;
    this.directory = directory;
  }

  /** What would be done with the request of {@code facts}, whose key may use {@code allowed}. */
  public ObjectNode of(Facts facts, List<ModelPattern> allowed, String cache, Explained explained) {
    ObjectNode view = json.createObjectNode().put("object", "explanation");
    view.putObject("classification")
        .put("category", facts.text(Fact.CATEGORY))
        .putPOJO("complexity", facts.get(Fact.COMPLEXITY))
        .putPOJO("confidence", facts.get(Fact.CONFIDENCE))
        .put("language", facts.text(Fact.LANGUAGE));
    ObjectNode variables = view.putObject("variables");
    facts.set().forEach((fact, value) -> variables.putPOJO(fact.word(), value));
    ObjectNode headers = view.putObject("headers");
    facts.headers().forEach(headers::put);
    ObjectNode rules = view.putObject("rules");
    explained.versions().forEach(rules::put);
    ArrayNode path = view.putArray("path");
    explained.steps().forEach(step -> path.add(of(step)));
    view.put("cache", cache);
    switch (explained.verdict()) {
      case Decision decision -> add(view, decision, facts, allowed);
      case Failure failure -> {
        view.putNull("reason");
        view.putNull("targets");
        view.set("fallback", of(failure));
      }
    }
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

  private void add(ObjectNode view, Decision decision, Facts facts, List<ModelPattern> allowed) {
    view.put("reason", decision.reason());
    view.put("targets", decision.text());
    Failure fallback = decision.fallback();
    view.set("fallback", fallback == null ? null : of(fallback));
    view.put("cache_ttl", decision.cacheTtl() == null ? null : decision.cacheTtl().toString());
    view.put("timeout", decision.timeout() == null ? null : decision.timeout().toString());
    ArrayNode tags = view.putArray("tags");
    decision.tags().forEach(tags::add);
    Explanation models = Choosing.explain(decision, facts, allowed, directory);
    int prompt = facts.number(Fact.PROMPT_TOKENS);
    int completion = completionTokens(facts);
    view.putObject("tokens").put("prompt", prompt).put("completion", completion);
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
