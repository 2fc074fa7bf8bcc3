package io.iir.flow;

import io.iir.idempotency.Claim;
import io.iir.idempotency.Ending;
import io.iir.idempotency.Fingerprint;
import io.iir.idempotency.Idempotency;
import io.iir.idempotency.IdempotencyKey;
import io.iir.idempotency.KeptAnswer;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.provider.ModelName;
import io.iir.transport.ClientLink;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.AsyncProcessorSupport;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind {@code authenticate} in the entries of models, before the request counts: where it
 * carries an Idempotency-Key it is answered once, and its repetitions get that answer and end the
 * flow here. A client that leaves such a request does not end it, so that its repetition gets the
 * answer. Others pass at no cost.
 */
final class IdempotencyStep extends AsyncProcessorSupport {

  /** The answer was given before. */
  static final String REPLAYED = "replayed";

  private static final String UNAVAILABLE = "unavailable";
  private static final Map<String, String> SOON = Map.of("Retry-After", "1");
  private static final ApiError REUSED =
      ApiError.invalid(
          422,
          "idempotency_key_reused",
          "this Idempotency-Key was sent before with another request: another path or another"
              + " body; repeat that request as it was, or send a new key",
          "Idempotency-Key");
  private static final ApiError TOO_LONG =
      ApiError.invalid(
          409,
          "idempotency_answer_not_kept",
          "this request was answered before, but the answer was not kept: it was longer than"
              + " iir.idempotency.max-answer, or too many were under way; send it with a new key"
              + " to have it answered, and paid for, once more",
          "Idempotency-Key");
  private static final ApiError REFUSED =
      ApiError.server(
          503,
          "no_target_available",
          "the gateway cannot tell now whether this request was answered before; try again");
  private static final ApiError LEFT =
      ApiError.server(503, "no_target_available", "the client left");

  private final Idempotency requests;
  private final int maxAnswer;
  private final Executor blocking;

  /**
   * A step that asks {@code requests}.
   *
   * @param maxAnswer how long an answer is kept
   * @param blocking where long bodies are read, and requests go on that no event loop belongs to
   */
  IdempotencyStep(Idempotency requests, int maxAnswer, Executor blocking) {
    this.requests = requests;
    this.maxAnswer = maxAnswer;
    this.blocking = blocking;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    Object header = exchange.getMessage().getHeader(IdempotencyKey.HEADER);
    if (header == null) {
      callback.done(true);
      return true;
    }
    String id;
    try {
      id = IdempotencyKey.parse(header.toString()).id(Variables.PRINCIPAL.get(exchange).id());
    } catch (ApiException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    Executor next = link == null ? blocking : link.loop();
    AtomicBoolean gone = new AtomicBoolean();
    if (link != null) {
      next.execute(() -> link.onLeave(() -> end(exchange, new ApiException(LEFT), gone, callback)));
    }
    fingerprint(exchange)
        .thenCompose(fingerprint -> requests.begin(id, fingerprint))
        .whenCompleteAsync(
            (claim, failure) -> goOn(exchange, claim, failure, gone, callback), next);
    return false;
  }

  private CompletableFuture<String> fingerprint(Exchange exchange) {
    Message message = exchange.getMessage();
    byte[] body = message.getBody(byte[].class);
    message.setBody(body);
    String path = message.getHeader(Exchange.HTTP_PATH, "", String.class);
    String query = message.getHeader(Exchange.HTTP_QUERY, String.class);
    String type = message.getHeader(Exchange.CONTENT_TYPE, String.class);
    return body.length > ThrottleRoute.LONG_BODY
        ? CompletableFuture.supplyAsync(() -> Fingerprint.of(path, query, type, body), blocking)
        : CompletableFuture.completedFuture(Fingerprint.of(path, query, type, body));
  }

  private void goOn(
      Exchange exchange,
      @Nullable Claim claim,
      @Nullable Throwable failure,
      AtomicBoolean gone,
      AsyncCallback callback) {
    if (gone.get()) {
      if (claim instanceof Claim.First first) {
        first.run().end(Ending.NOTHING); // nothing was asked for it yet
      }
      return;
    }
    if (claim == null) {
      end(exchange, failure, gone, callback);
      return;
    }
    switch (claim) {
      case Claim.First first -> first(exchange, first, gone, callback);
      case Claim.Replay replay -> {
        answer(exchange, replay.answer());
        end(exchange, null, gone, callback);
      }
      case Claim.Reused reused -> end(exchange, new ApiException(REUSED), gone, callback);
      case Claim.TooLong tooLong -> end(exchange, new ApiException(TOO_LONG), gone, callback);
      case Claim.Refused refused -> end(exchange, new ApiException(REFUSED, SOON), gone, callback);
    }
  }

  private void first(
      Exchange exchange, Claim.First first, AtomicBoolean gone, AsyncCallback callback) {
    ClientLink link = Variables.CLIENT_LINK.find(exchange);
    if (link != null) {
      link.wantAnyway();
    }
    AnswerRecord record = new AnswerRecord(first.run(), maxAnswer);
    Variables.ANSWER_RECORD.set(exchange, record);
    exchange.getExchangeExtension().addOnCompletion(record);
    if (!first.recorded()) {
      Variables.IDEMPOTENCY.set(exchange, UNAVAILABLE);
    }
    end(exchange, null, gone, callback);
  }

  private static void answer(Exchange exchange, KeptAnswer answer) {
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
    message.setHeader(Exchange.CONTENT_TYPE, answer.contentType());
    message.setBody(answer.body());
    if (answer.provider() != null && answer.model() != null) {
      Variables.ANSWERED_BY.set(exchange, new ModelName(answer.provider(), answer.model()));
    }
    Variables.REASON.set(exchange, "idempotency");
    Variables.IDEMPOTENCY.set(exchange, REPLAYED);
    exchange.setRouteStop(true);
  }

  /** The step is over, once. */
  private static void end(
      Exchange exchange, @Nullable Throwable failure, AtomicBoolean gone, AsyncCallback callback) {
    if (gone.compareAndSet(false, true)) {
      if (failure != null) {
        exchange.setException(failure);
      }
      callback.done(false);
    }
  }
}
