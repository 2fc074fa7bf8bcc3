package io.iir.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.auth.ApiKey;
import io.iir.auth.StoredKey;
import io.iir.classify.Classification;
import io.iir.config.IirProperties;
import io.iir.flow.CacheLookup;
import io.iir.flow.QualityChoice;
import io.iir.flow.RequestClassification;
import io.iir.flow.RequestFacts;
import io.iir.flow.RuleDecision;
import io.iir.flow.SecondOpinion;
import io.iir.flow.TargetChoice;
import io.iir.flow.Variable;
import io.iir.flow.Variables;
import io.iir.flow.engine.RequestHeaders;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ModelRequest;
import io.iir.provider.Candidate;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.Choosing;
import io.iir.rules.Decision;
import io.iir.rules.Explained;
import io.iir.rules.Failure;
import io.iir.rules.Rules;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The endpoint {@code /api/v1/explain}: what the gateway would do with a chat request, and why. No
 * model is called and nothing is counted but what the classifier's second stage was asked. What it
 * would refuse before it asks the cache is refused here in the same words.
 */
@Component
public class ExplainRoute extends AdminEndpoints {

  private static final Variable<ExplainDocument> DOCUMENT =
      new Variable<>("explainDocument", ExplainDocument.class, "explain", "explain");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final RequestClassification classification;
  private final SecondOpinion secondOpinion;
  private final RequestFacts facts;
  private final CacheLookup cache;
  private final TargetChoice targets;
  private final Rules rules;
  private final List<String> readable;
  private final ProviderDirectory directory;
  private final Clock clock;
  private final ExplainView view;

  /** Explains by what the flow's own steps use. */
  public ExplainRoute(
      RequestClassification classification,
      SecondOpinion secondOpinion,
      RequestFacts facts,
      CacheLookup cache,
      TargetChoice targets,
      Rules rules,
      QualityChoice quality,
      ProviderDirectory directory,
      IirProperties properties,
      Clock clock) {
    this.classification = classification;
    this.secondOpinion = secondOpinion;
    this.facts = facts;
    this.cache = cache;
    this.targets = targets;
    this.rules = rules;
    this.readable = properties.rules().headers();
    this.directory = directory;
    this.clock = clock;
    this.view = new ExplainView(JSON, directory, quality);
  }

  @Override
  public void configure() {
    endpoint(
            "explain",
            "platform-http:/api/v1/explain?httpMethodRestrict=POST&consumes=application/json",
            "Tells what would be done with a chat request, and why")
        .process(this::read)
        .id("explain.read")
        .filter(exchange -> exchange.getMessage().getBody() instanceof Map)
        .id("explain.as-another")
        .to("sql:classpath:sql/api-keys/select-by-id.sql?outputType=SelectList")
        .id("explain.key")
        .process(this::becomeThatKey)
        .id("explain.become-that-key")
        .end()
        .process(classification)
        .id("explain.classify")
        .process(secondOpinion::await)
        .id("explain.second-opinion")
        .process(this::explain)
        .id("explain.answer");
  }

  private void read(Exchange exchange) {
    Message message = exchange.getMessage();
    ExplainDocument document = ExplainDocument.parse(message.getBody(byte[].class));
    DOCUMENT.set(exchange, document);
    Variables.REQUEST.set(exchange, document.request());
    Map<String, String> headers = document.headers();
    if (headers != null) {
      message.removeHeaders("*");
      headers.forEach((name, value) -> {
        if (RequestHeaders.isAllowed(name, readable)) { // as the engine lets them in
          message.setHeader(name, value);
        }
      });
    }
    String key = document.key();
    boolean another = key != null && !key.equals(Variables.PRINCIPAL.get(exchange).id());
    message.setBody(another ? Map.of("id", key) : null);
  }

  private void becomeThatKey(Exchange exchange) {
    StoredKey stored = ApiKeyChangesRoute.only(exchange);
    if (stored == null) {
      throw new ApiException(
          ApiError.invalid(
              404,
              "not_found",
              "There is no API key '%s'.".formatted(DOCUMENT.get(exchange).key()),
              "key"));
    }
    ApiKey key = stored.key();
    if (key.isExpired(clock.instant())) {
      throw Fields.invalid("key", "has expired: all that it sends is refused with 401");
    }
    Variables.PRINCIPAL.set(exchange, key);
  }

  private void explain(Exchange exchange) {
    Facts known = facts.of(exchange);
    Classification told =
        Variables.CLASSIFICATION.remove(exchange); // else it would be a header of this answer
    ApiKey key = Variables.PRINCIPAL.get(exchange);
    CacheLookup.Result cached = cache.ask(exchange);
    Explained explained;
    try {
      explained = rules.explain(known, key.models(), DOCUMENT.get(exchange).rule());
    } catch (InvalidRuleException e) {
      throw RulesRoute.invalid(e);
    }
    ApiException refusal = cached.refusal();
    if (refusal == null && !cached.isHit()) {
      refusal = refusal(explained, known, key, Variables.REQUEST.get(exchange));
    }
    render(exchange, 200, view.of(known, told, key.models(), cached.word(), explained, refusal));
  }

  /** What the step {@code provider-choice} would refuse the request with; null: nothing. */
  private @Nullable ApiException refusal(
      Explained explained, Facts known, ApiKey key, ModelRequest request) {
    return switch (explained.verdict()) {
      case Failure failure -> RuleDecision.refusal(failure);
      case Decision decision -> {
        try {
          List<Candidate> chosen = Choosing.choose(decision, known, key.models(), directory);
          targets.check(chosen, decision, known, key, request);
          yield null;
        } catch (ApiException refused) {
          yield refused;
        }
      }
    };
  }
}
