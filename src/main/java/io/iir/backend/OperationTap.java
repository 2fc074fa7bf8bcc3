package io.iir.backend;

import io.iir.openai.ApiError;
import io.iir.openai.Operation;
import io.iir.openai.OperationAnswerReader;
import io.iir.openai.ProviderErrorBody;
import io.iir.openai.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Watches the answer to an {@link Operation} other than a conversation. Events of a stream go to
 * the client as they come; of their types it knows those that end an answer ({@code
 * transcript.text.done}, {@code speech.audio.done}, {@code image_generation.completed}). Sound is
 * passed on byte by byte. One a call, on its event loop.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/audio/transcript-text-delta-event">
 *     OpenAI's transcription stream events</a>
 */
public final class OperationTap implements EventTap {

  private static final byte[] NOTHING = {};

  private final OperationAnswerReader event = new OperationAnswerReader();
  private final Operation operation;
  private final Tally tally;
  private final String provider;
  private boolean closed;
  private boolean complete;

  /** A tap that writes into {@code tally} what an answer of {@code provider} uses. */
  public OperationTap(Operation operation, Tally tally, String provider) {
    this.operation = operation;
    this.tally = tally;
    this.provider = provider;
  }

  @Override
  public void sent() {
    tally.sent();
  }

  @Override
  public Verdict event(byte[] data, int offset, int length) {
    event.read(data, offset, length);
    if (event.isError()) {
      tally.failed("provider_error");
      tally.refused();
      return Verdict.FAILURE;
    }
    closed |= event.isDone();
    if (!event.isDone()) {
      tally.delta(event.textTokens());
    }
    Usage usage = event.usage();
    if (usage != null) {
      tally.reported(usage);
    }
    if (event.isLast()) {
      complete = true;
      tally.finished("stop");
    }
    return Verdict.PASS;
  }

  @Override
  public boolean closed() {
    return closed;
  }

  @Override
  public boolean complete() {
    return complete || closed;
  }

  /** Sound, whatever its form; and a stream that nobody asked for. */
  @Override
  public boolean passes(String contentType) {
    String type = contentType.toLowerCase(Locale.ROOT);
    boolean sound = operation == Operation.SPEECH && !type.startsWith("application/json");
    return sound || type.startsWith("text/event-stream");
  }

  @Override
  public void passed(int bytes) {
    tally.began();
  }

  @Override
  public void passedAll() {
    tally.finished("stop");
  }

  /** An answer to one of these operations has no other form that a client would know. */
  @Override
  public byte @Nullable [] replay(byte[] answer) {
    return null;
  }

  @Override
  public String explain(int status, byte[] body) {
    return "answered %d: %s"
        .formatted(status, ProviderErrorBody.normalise(status, body, provider).message());
  }

  /** These streams need none. */
  @Override
  public byte[] closing() {
    return NOTHING;
  }

  @Override
  public void unpaid() {
    tally.refused();
  }

  @Override
  public byte[] broken(String code, String message) {
    tally.failed(code);
    String text = "provider '%s': %s".formatted(provider, message);
    String error = new String(ApiError.server(502, code, text).toJson(), StandardCharsets.UTF_8);
    return "event: error\ndata: %s\n\n".formatted(error).getBytes(StandardCharsets.UTF_8);
  }
}
