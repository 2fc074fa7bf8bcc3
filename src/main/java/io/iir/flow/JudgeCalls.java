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
import io.iir.provider.ModelName;
import io.iir.transport.ClientLink;
import io.iir.transport.EventLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/** Asks models by the route {@code judge}, on the account {@code key_judge}. Thread-safe. */
@Component
final class JudgeCalls implements Models {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final ObjectProvider<CamelContext> camel;
  private final EventLoops loops;
  private final Cover cover;
  private final Executor blocking;
  private final ApiKey key;

  /**
   * Asks by a route of {@code camel}, on {@code loops}, within the budget that {@code properties}
   * set and as {@code cover} says.
   *
   * @param blocking where calls are waited for: whoever asks may be interrupted, an exchange not
   */
  JudgeCalls(
      ObjectProvider<CamelContext> camel,
      EventLoops loops,
      IirProperties properties,
      Cover cover,
      @Qualifier(FlowConfiguration.BLOCKING) Executor blocking) {
    this.cover = cover;
    this.blocking = blocking;
    this.camel = camel;
    this.loops = loops;
    this.key = GatewayKey.judge(Quotas.budget(properties.classify().judge().budget()));
  }

  @Override
  public Reply ask(ObjectNode chat) {
    String model = chat.path("model").asText();
    ClientLink link = new ClientLink(loops.any());
    try {
      byte[] body = JSON.writeValueAsBytes(chat);
      return reply(model, CompletableFuture.supplyAsync(() -> send(body, link), blocking).get());
    } catch (InterruptedException e) { // the call ends by itself, as one whose client has left
      Thread.currentThread().interrupt();
      link.loop().execute(link::leave);
      return new Reply.None("'%s' was not waited for".formatted(model));
    } catch (ExecutionException e) {
      throw new IllegalStateException("'%s' could not be asked".formatted(model), e.getCause());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request cannot be written as JSON", e);
    }
  }

  private Exchange send(byte[] body, ClientLink link) {
    try (ProducerTemplate route = camel.getObject().createProducerTemplate()) {
      return route.send(
          JudgeRoute.URI,
          exchange -> {
            Variables.CLIENT_LINK.set(exchange, link);
            Variables.PRINCIPAL.set(exchange, key);
            exchange.getMessage().setBody(body);
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Reply reply(String model, Exchange done) {
    ApiException refusal = Variables.ERROR.find(done);
    if (refusal != null) {
      return new Reply.None("'%s' gave no answer: %s".formatted(model, why(refusal.error())));
    }
    ModelName answered = Variables.ANSWERED_BY.find(done);
    if (answered != null && cover.cuts(done, answered)) {
      return new Reply.None("a budget cuts the answer of '%s'".formatted(model));
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
        ? "its provider failed (%d)".formatted(error.status())
        : "%d %s".formatted(error.status(), error.code());
  }
}
