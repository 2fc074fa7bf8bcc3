package io.iir.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.auth.ApiKey;
import io.iir.auth.StoredKey;
import io.iir.flow.CacheLookup;
import io.iir.flow.RequestClassification;
import io.iir.flow.RequestFacts;
import io.iir.flow.Variable;
import io.iir.flow.Variables;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.provider.ModelPattern;
import io.iir.provider.ProviderDirectory;
import io.iir.rules.Explained;
import io.iir.rules.RuleEdit;
import io.iir.rules.Rules;
import io.iir.rules.language.Facts;
import io.iir.rules.language.InvalidRuleException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.springframework.stereotype.Component;

/**
 * The endpoint {@code /api/v1/explain}: what the gateway would do with a chat request, and why. No
 * model is called and nothing is counted.
 */
@Component
public class ExplainRoute extends AdminEndpoints {

  /** The rule's text that is to be tried; not set where there is none. */
  private static final Variable<RuleEdit> EDIT =
      new Variable<>("ruleEdit", RuleEdit.class, "explain", "explain");

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> FIELDS = List.of("request", "headers", "key", "rule");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9-]{1,100}");

  private final RequestClassification classification;
  private final RequestFacts facts;
  private final CacheLookup cache;
  private final Rules rules;
  private final ProviderDirectory directory;

  /** Explains by what the flow's own steps use. */
  public ExplainRoute(
      RequestClassification classification,
      RequestFacts facts,
      CacheLookup cache,
      Rules rules,
      ProviderDirectory directory) {
    this.classification = classification;
    this.facts = facts;
    this.cache = cache;
    this.rules = rules;
    this.directory = directory;
  }

  @Override
  public void configure() {
    endpoint(
            "explain",
            "platform-http:/api/v1/explain?httpMethodRestrict=POST&consumes=application/json",
            "Tells what would be done with a chat request, and why")
        .process(ExplainRoute::read)
        .id("explain.read")
        .filter(exchange -> exchange.getMessage().getBody() instanceof Map)
        .id("explain.as-another")
        .to("sql:classpath:sql/api-keys/select-by-id.sql?outputType=SelectList")
        .id("explain.key")
        .process(ExplainRoute::becomeThatKey)
        .id("explain.become-that-key")
        .end()
        .process(classification)
        .id("explain.classify")
        .process(this::explain)
        .id("explain.answer");
  }

  /** A chat body, or {@code {"request", "headers", "key", "rule"}} with one in it. */
  private static void read(Exchange exchange) {
    Message message = exchange.getMessage();
    byte[] body = message.getBody(byte[].class);
    JsonNode root = JsonBody.parse(body);
    message.setBody(null);
    if (root.has("request")) {
      Fields.checkNames(root, "", FIELDS);
      body = root.path("request").toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      headers(root.path("headers"), message);
      if (root.has("rule") && !root.path("rule").isNull()) {
        EDIT.set(exchange, RuleEdits.of(root.path("rule")));
      }
      if (root.has("key") && !root.path("key").isNull()) {
        message.setBody(Map.of("id", Fields.text(root.path("key"), "key", 100)));
      }
    }
    Variables.CHAT_REQUEST.set(exchange, ChatRequest.parse(body));
  }

  /** Those that the request is to come with, in the place of those that it came with. */
  private static void headers(JsonNode headers, Message message) {
    if (headers.isMissingNode() || headers.isNull()) {
      return;
    }
    if (!headers.isObject()) {
      throw Fields.invalid("headers", "must be an object of strings");
    }
    message.removeHeaders("*");
    headers
        .properties()
        .forEach(header -> {
          String param = "headers." + header.getKey();
          if (!HEADER.matcher(header.getKey()).matches()) {
            throw Fields.invalid(param, "is no header's name");
          }
          message.setHeader(
              header.getKey().toLowerCase(Locale.ROOT),
              Fields.text(header.getValue(), param, 1000));
        });
  }

  private static void becomeThatKey(Exchange exchange) {
    StoredKey stored = ApiKeyChangesRoute.only(exchange);
    if (stored == null) {
      throw new ApiException(
          ApiError.invalid(404, "not_found", "There is no API key of the id in 'key'.", "key"));
    }
    ApiKey key = stored.key();
    Variables.PRINCIPAL.set(exchange, key);
  }

  private void explain(Exchange exchange) {
    Facts known = facts.of(exchange);
    List<ModelPattern> allowed = Variables.PRINCIPAL.get(exchange).models();
    RuleEdit edit = EDIT.find(exchange);
    Explained explained;
    try {
      explained = rules.explain(known, allowed, edit);
    } catch (InvalidRuleException e) {
      throw RulesRoute.invalid(e);
    }
    ObjectNode view =
        new ExplainView(JSON, directory).of(known, allowed, cache.ask(exchange).word(), explained);
    render(exchange, 200, view);
  }
}
