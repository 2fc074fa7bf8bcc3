package io.iir.flow;

import io.iir.backend.Tally;
import io.iir.backend.UpstreamException;
import io.iir.config.IirProperties;
import io.iir.flow.Attempts.Again;
import io.iir.flow.Attempts.Failing;
import io.iir.local.Lease;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.openai.ChatChunkReader;
import io.iir.openai.ContextOverflow;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.openai.OperationAnswerReader;
import io.iir.openai.ProviderErrorBody;
import io.iir.openai.Usage;
import io.iir.provider.ModelName;
import io.iir.throttle.RateLimitedException;
import io.iir.transport.AnswerStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Judges what a target sent: an answer, the client's own fault, or a failure after which the next
 * target is asked. Stateless.
 *
 * <p>Longer than 300 lines because every way in which a call can end is told apart in one place.
 */
@Component
public final class BackendAnswer {

  private static final Logger LOG = LoggerFactory.getLogger(BackendAnswer.class);

  private final CallMeters calls;
  private final boolean retryTimeouts;

  /** A judge that counts in {@code calls}; {@code properties} say what may be retried. */
  BackendAnswer(CallMeters calls, IirProperties properties) {
    this.calls = calls;
    this.retryTimeouts = properties.retry().timeouts();
  }

  /** A target has answered, with whatever status, or has not. */
  void judge(Exchange exchange) {
    UpstreamException failure = Variables.CALL_FAILURE.remove(exchange);
    if (failure == null) {
      judgeAnswer(exchange);
    } else {
      noteFailure(exchange, failure);
    }
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    Lease lease = Variables.LEASE.find(exchange);
    if (lease != null && !attempts.answered()) {
      lease.release();
    }
  }

  private void judgeAnswer(Exchange exchange) {
    Message message = exchange.getMessage();
    Integer code = message.getHeader(Exchange.HTTP_RESPONSE_CODE, Integer.class);
    int status = code == null ? 200 : code;
    if (message.getBody() instanceof AnswerStream) {
      succeed(exchange);
    } else if (status >= 200 && status < 300) {
      whole(exchange, status);
    } else {
      refused(exchange, status);
    }
  }

  private void succeed(Exchange exchange) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    attempts.succeed();
    ModelName name = attempts.current().name();
    Variables.ANSWERED_BY.set(exchange, name);
    calls.succeeded(name);
  }

  /** All of the answer is there. */
  private void succeedWhole(Exchange exchange) {
    succeed(exchange);
    calls.ended(
        exchange,
        Variables.ATTEMPTS.get(exchange).current().name(),
        Variables.TALLY.get(exchange),
        CallMeters.NONE);
  }

  /** A whole answer: its usage is read; one that came whole to a client of streams is replayed. */
  private void whole(Exchange exchange, int status) {
    Message message = exchange.getMessage();
    byte[] found = message.getBody(byte[].class);
    byte[] body = found == null ? new byte[0] : found;
    message.setBody(body);
    String type = message.getHeader(Exchange.CONTENT_TYPE, "", String.class);
    ModelRequest request = Variables.REQUEST.get(exchange);
    if (request.stream() && type.startsWith("text/event-stream")) {
      succeedWhole(exchange);
      return;
    }
    if (request.operation() != Operation.CHAT) {
      operation(exchange, status, body, type);
      return;
    }
    ChatChunkReader completion = new ChatChunkReader();
    completion.read(body, 0, body.length);
    if (completion.isError()) {
      refused(exchange, 502); // some say 200 and put the failure into the body
      return;
    }
    if (completion.isMalformed() || completion.isDone() || completion.choicesEmpty()) {
      failed(exchange, "answered %d with something that is no chat completion".formatted(status));
      return;
    }
    CallTraces.whole(exchange, body);
    JudgeSamples.whole(exchange, body);
    Tally tally = Variables.TALLY.get(exchange);
    if (completion.finishReason() != null) {
      tally.finished(completion.finishReason());
    }
    Usage usage = completion.usage();
    if (usage != null) {
      tally.reported(usage);
    } else {
      completion.readWithMessages(body);
      tally.estimated(completion.contentTokens());
    }
    if (request.stream()) {
      try {
        message.setBody(Replay.of(body, request));
      } catch (IllegalArgumentException e) {
        failed(
            exchange, "answered %d with no chat completion: %s".formatted(status, e.getMessage()));
        return;
      }
      message.setHeader(Exchange.CONTENT_TYPE, "text/event-stream");
    }
    Variables.ATTEMPTS.get(exchange).call().answered(tally.completionTokens());
    succeedWhole(exchange);
  }

  /** A whole answer to something other than a conversation goes to the client as it is. */
  private void operation(Exchange exchange, int status, byte[] body, String type) {
    Operation operation = Variables.REQUEST.get(exchange).operation();
    OperationAnswerReader answer = new OperationAnswerReader();
    answer.read(body, 0, body.length);
    if (answer.isError()) {
      refused(exchange, 502); // some say 200 and put the failure into the body
      return;
    }
    boolean text = operation == Operation.TRANSCRIPTION && !type.startsWith("application/json");
    if (!text && (answer.isMalformed() || operation == Operation.SPEECH)) {
      failed(
          exchange,
          "answered %d with something that is no answer for %s"
              .formatted(status, operation.word()));
      return;
    }
    Tally tally = Variables.TALLY.get(exchange);
    tally.finished("stop");
    Usage usage = answer.usage();
    if (usage != null) {
      tally.reported(usage);
    } else {
      tally.estimated(answer.textTokens());
    }
    Variables.ATTEMPTS.get(exchange).call().answered(tally.completionTokens());
    succeedWhole(exchange);
  }

  private void failed(Exchange exchange, String reason) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    CallTraces.failed(attempts, "invalid_answer");
    Costs.failed(exchange, true);
    calls.failed(exchange, "error");
    if (!attempts.atAnotherEndpoint(reason)) {
      attempts.call().failed();
      attempts.fail(Failing.FAILED, reason, null);
    }
  }

  private void refused(Exchange exchange, int status) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    CallTraces.refused(attempts, status);
    Costs.failed(exchange, false);
    String provider = attempts.current().name().provider();
    byte[] body = exchange.getMessage().getBody(byte[].class);
    ApiError error =
        ProviderErrorBody.normalise(status, body == null ? new byte[0] : body, provider);
    if (anotherWay(exchange, status, error)) {
      calls.failed(exchange, "error");
      return;
    }
    if (status >= 500) {
      attempts.call().failed();
    } else {
      attempts.drop();
    }
    if (ContextOverflow.is(error) && attempts.skipSmaller()) {
      calls.failed(exchange, "client_error");
      attempts.failures().refuse(new ApiException(error));
      attempts.fail(Failing.UNABLE, reason(exchange, status, error), null);
      return;
    }
    boolean clientsFault =
        ProviderStatus.isClientsFault(status) || (status == 404 && attempts.last());
    calls.failed(exchange, clientsFault ? "client_error" : "error");
    if (clientsFault) {
      passOn(exchange, status, body == null ? new byte[0] : body, error);
      return;
    }
    Object retryAfter = exchange.getMessage().getHeader("Retry-After");
    attempts.fail(
        status == 429 ? Failing.RATE_LIMITED : Failing.FAILED,
        reason(exchange, status, error),
        retryAfter == null ? null : retryAfter.toString(),
        ProviderStatus.mayBeRetried(error) ? Again.LATER : Again.NEVER);
    if (ProviderStatus.concernsTheAccount(status)) {
      attempts.skipProvider();
    }
  }

  /**
   * Whether the same target is asked again: at another endpoint, or with another key. 403 may be
   * said of the key or of what the client sent, such as a prompt that was flagged.
   */
  private static boolean anotherWay(Exchange exchange, int status, ApiError error) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    if (status == 401 || status == 403 || status == 429) {
      Object retryAfter = exchange.getMessage().getHeader("Retry-After");
      return attempts.withAnotherKey(status, retryAfter == null ? null : retryAfter.toString());
    }
    return status >= 500
        && attempts.atAnotherEndpoint("answered %d: %s".formatted(status, error.message()));
  }

  /** What a provider says of the gateway's own account is for the operator, not for the client. */
  private static String reason(Exchange exchange, int status, ApiError error) {
    if (ProviderStatus.concernsTheAccount(status) && status != 429) {
      String what = "answered %d: it refuses the gateway's credentials or quota".formatted(status);
      // Not in the provider's words: they may repeat what it was sent.
      String name = Variables.ATTEMPTS.get(exchange).current().name().id();
      AboutRequest.run(exchange, () -> LOG.warn("{} {}", name, what));
      return what;
    }
    return "answered %d: %s".formatted(status, error.message());
  }

  private static void passOn(Exchange exchange, int status, byte[] body, ApiError error) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    Message message = exchange.getMessage();
    message.removeHeaders("*");
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(
        ProviderErrorBody.passThrough(status, body, attempts.current().name().provider()));
    Variables.ERROR.set(exchange, new ApiException(error));
    attempts.succeed();
    Variables.ANSWERED_BY.set(exchange, attempts.current().name());
  }

  /** A call that was made in vain because of the connection, not of what was sent over it. */
  private boolean mayBeRetried(UpstreamException.Kind kind) {
    return switch (kind) {
      case UNREACHABLE, RESET -> true;
      case TIMEOUT -> retryTimeouts;
      case NOT_READY, BUSY, INVALID, UNABLE, FORBIDDEN, CLIENT_LEFT -> false;
    };
  }

  /** What a call that brought no answer says of its model, and whom not to ask then. */
  private void over(Attempts attempts, UpstreamException failure, String reason) {
    UpstreamException.Kind kind = failure.kind();
    if (failure.getCause() instanceof RateLimitedException forbidden) {
      attempts.forbid(forbidden, reason);
      return;
    }
    switch (kind) {
      case TIMEOUT -> {
        if (attempts.outOfTime()) {
          attempts.drop(); // the request's own limit says nothing of the model
        } else {
          attempts.call().failed();
        }
      }
      case UNREACHABLE, RESET, INVALID -> attempts.call().failed();
      case NOT_READY, BUSY, UNABLE, FORBIDDEN, CLIENT_LEFT ->
          attempts.drop(); // says nothing of the model
    }
    if (kind == UpstreamException.Kind.UNREACHABLE || kind == UpstreamException.Kind.BUSY) {
      attempts.skipProvider();
    }
    if (failure.getCause() instanceof ApiException refusal) {
      attempts.failures().notCalled();
      attempts.failures().refuse(refusal);
    }
    attempts.fail(
        CallOutcome.failing(kind),
        reason,
        failure.retryAfter(),
        mayBeRetried(kind) ? Again.LATER : Again.NEVER);
  }

  private void noteFailure(Exchange exchange, UpstreamException failure) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    UpstreamException.Kind kind = failure.kind();
    CallTraces.failed(attempts, CallOutcome.word(kind));
    if (kind == UpstreamException.Kind.CLIENT_LEFT) {
      attempts.giveUp();
    }
    if (kind != UpstreamException.Kind.CLIENT_LEFT || !failure.mayCost()) {
      Costs.failed(exchange, failure.mayCost());
    }
    String message = failure.getMessage();
    String reason = message == null ? kind.name() : message;
    if (kind == UpstreamException.Kind.UNREACHABLE) {
      attempts.call().unreachable();
    } else if (kind == UpstreamException.Kind.BUSY) {
      attempts.call().notSent();
    }
    if (CallOutcome.concernsTheEndpoint(kind) && attempts.atAnotherEndpoint(reason)) {
      calls.failed(exchange, CallOutcome.word(kind));
      return;
    }
    over(attempts, failure, reason);
    calls.failed(exchange, CallOutcome.word(kind));
  }

  /** The call of {@code tally}'s to the current target has failed, while another still runs. */
  void failedBeside(Exchange exchange, Tally tally, UpstreamException failure) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    UpstreamException.Kind kind = failure.kind();
    CallTraces.failed(attempts, CallOutcome.word(kind));
    String reason = failure.getMessage() == null ? kind.name() : failure.getMessage();
    if (kind == UpstreamException.Kind.UNREACHABLE) {
      attempts.call().unreachable();
    } else if (kind == UpstreamException.Kind.BUSY) {
      attempts.call().notSent();
    }
    if (CallOutcome.concernsTheEndpoint(kind)) {
      attempts.endpointFailed(reason);
    }
    over(attempts, failure, reason);
    calls.failed(exchange, attempts.current().name(), tally, CallOutcome.word(kind));
  }

  /**
   * The call of {@code tally}'s to the current target is refused, while another still runs.
   *
   * @return whether that is the client's own fault and its answer; nothing is counted then
   */
  boolean refusedBeside(
      Exchange exchange, Tally tally, int status, byte[] body, @Nullable String retryAfter) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    ModelName name = attempts.current().name();
    ApiError error = ProviderErrorBody.normalise(status, body, name.provider());
    boolean tooLong = ContextOverflow.is(error);
    if (ProviderStatus.isClientsFault(status) && !tooLong) {
      return true;
    }
    CallTraces.refused(attempts, status);
    if (status == 401 || status == 403 || status == 429) {
      attempts.keyRefused(status, retryAfter);
    } else if (status >= 500) {
      attempts.endpointFailed("answered %d: %s".formatted(status, error.message()));
    }
    if (status >= 500) {
      attempts.call().failed();
    } else {
      attempts.drop();
    }
    calls.failed(exchange, name, tally, tooLong ? "client_error" : "error");
    if (tooLong) {
      attempts.skipSmaller();
      attempts.failures().refuse(new ApiException(error));
    }
    attempts.fail(
        tooLong ? Failing.UNABLE : status == 429 ? Failing.RATE_LIMITED : Failing.FAILED,
        reason(exchange, status, error),
        retryAfter,
        ProviderStatus.mayBeRetried(error) ? Again.LATER : Again.NEVER);
    if (ProviderStatus.concernsTheAccount(status)) {
      attempts.skipProvider();
    }
    return false;
  }
}
