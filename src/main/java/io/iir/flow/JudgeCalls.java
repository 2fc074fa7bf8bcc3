package io.iir.flow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.auth.ApiKey;
import io.iir.auth.GatewayKey;
import io.iir.config.IirProperties;
import io.iir.feedback.Models;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.CompletionText;
import io.iir.transport.ClientLink;
import io.iir.transport.EventLoops;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Asks models by the route {@code judge}, on the account {@code key_judge}. Thread-safe. */
@Component
final class JudgeCalls implements Models {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectProvider<CamelContext> camel;
  private final EventLoops loops;
  private final ApiKey key;

  /**
   * Asks by a route of {@code camel}, on {@code loops}, within the budget that {@code properties}
   * set.
   */
  JudgeCalls(ObjectProvider<CamelContext> camel, EventLoops loops, IirProperties properties) {
    this.camel = camel;
    this.loops = loops;
    this.key = GatewayKey.judge(Quotas.budget(properties.classify().judge().budget()));
  }

  @Override
  public Reply ask(ObjectNode chat) {
    String model = chat.path("model").asText();
    try (ProducerTemplate route = camel.getObject().createProducerTemplate()) {
      ClientLink link = new ClientLink(loops.any());
      byte[] body = JSON.writeValueAsBytes(chat);
      Exchange done =
          route.send(
              JudgeRoute.URI,
              exchange -> {
                Variables.CLIENT_LINK.set(exchange, link);
                Variables.PRINCIPAL.set(exchange, key);
                exchange.getMessage().setBody(body);
              });
      if (done.getException() != null) { // it was not waited for: the gateway stops
        link.loop().execute(link::leave);
        return new Reply.None("'%s' was not waited for".formatted(model));
      }
      return reply(model, done);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request cannot be written as JSON", e);
    } catch (IOException e) {
      return new Reply.None("'%s' could not be asked".formatted(model));
    }
  }

  private static Reply reply(String model, Exchange done) {
    ApiException refusal = Variables.ERROR.find(done);
    if (refusal != null) {
      return new Reply.None("'%s' gave no answer: %s".formatted(model, why(refusal.error())));
    }
    byte[] answer = done.getMessage().getBody(byte[].class);
    String text = answer == null ? "" : CompletionText.of(answer);
    return text.isBlank()
        ? new Reply.None("the answer of '%s' holds no text".formatted(model))
        : new Reply.Text(text);
  }

  /** A provider's own words may quote what it was sent. */
  private static String why(ApiError error) {
    return error.source() == ApiError.Source.PROVIDER
        ? "its provider answered %d".formatted(error.status())
        : "%d %s".formatted(error.status(), error.code());
  }
}
