package io.iir.backend;

import io.iir.openai.ApiError;
import io.iir.openai.ChatChunkReader;
import io.iir.openai.CompletionReplayer;
import io.iir.openai.ProviderErrorBody;
import io.iir.openai.Usage;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Watches a stream of chat completion chunks: counts tokens, sees how it ends, takes out the usage
 * chunk that only the gateway asked for, keeps a copy for the cache. One a call, on its event loop.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/streaming">OpenAI's chat
 *     streaming reference</a>
 */
public final class ChatTap implements EventTap {

  /** Whether the client is to see the usage chunk. */
  public enum UsageChunk {
    /** The client asked for it. */
    SHOWN,
    /** Only the gateway asked for it. */
    HIDDEN
  }

  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final ChatChunkReader chunk = new ChatChunkReader();
  private final Tally tally;
  private final UsageChunk usageChunk;
  private final String provider;
  private final int choices;
  private final @Nullable EventCopy copy;
  private boolean closed;
  private boolean finished;

  /**
   * A tap that writes into {@code tally} and, if there is one, into {@code copy}.
   *
   * @param choices how many answers were asked for
   */
  public ChatTap(
      Tally tally, UsageChunk usageChunk, String provider, int choices, @Nullable EventCopy copy) {
    this.tally = tally;
    this.usageChunk = usageChunk;
    this.provider = provider;
    this.choices = choices;
    this.copy = copy;
  }

  @Override
  public void sent() {
    tally.sent();
  }

  @Override
  public Verdict event(byte[] data, int offset, int length) {
    chunk.read(data, offset, length);
    if (chunk.isDone()) {
      closed = true;
      return Verdict.PASS;
    }
    if (chunk.isMalformed() && !isBlank(data, offset, length)) {
      return Verdict.BROKEN;
    }
    if (chunk.isError()) {
      tally.failed("provider_error");
      tally.refused();
      return Verdict.FAILURE;
    }
    if (copy != null) {
      copy.add(data, offset, length);
    }
    count();
    return usageChunk == UsageChunk.HIDDEN && chunk.usage() != null && chunk.choicesEmpty()
        ? Verdict.DROP
        : Verdict.PASS;
  }

  /** Some servers keep a stream alive by events without data. */
  private static boolean isBlank(byte[] data, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (data[i] != ' ') {
        return false;
      }
    }
    return true;
  }

  private void count() {
    if (chunk.hasContent()) {
      tally.delta(chunk.contentTokens());
    }
    String reason = chunk.finishReason();
    if (reason != null) {
      finished = true;
      tally.finished(reason);
    }
    Usage usage = chunk.usage();
    if (usage != null) {
      tally.reported(usage);
    }
  }

  @Override
  public boolean closed() {
    return closed;
  }

  /** Of several answers, one that has finished says nothing of the others. */
  @Override
  public boolean complete() {
    return closed || (finished && choices == 1);
  }

  /** With the usage chunk, for that passes by here as the provider's own would. */
  @Override
  public byte @Nullable [] replay(byte[] answer) {
    chunk.read(answer, 0, answer.length);
    if (chunk.isError()) {
      tally.refused();
    }
    try {
      return chunk.isMalformed() || chunk.isDone() || chunk.isError()
          ? null
          : CompletionReplayer.replayWithUsage(answer);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  public String explain(int status, byte[] body) {
    return "answered %d: %s"
        .formatted(status, ProviderErrorBody.normalise(status, body, provider).message());
  }

  @Override
  public byte[] closing() {
    return DONE.clone();
  }

  @Override
  public void unpaid() {
    tally.refused();
  }

  @Override
  public byte[] broken(String code, String message) {
    tally.failed(code);
    String text = "provider '%s': %s".formatted(provider, message);
    byte[] error = ApiError.server(502, code, text).toJson();
    byte[] event = new byte[error.length + 8];
    System.arraycopy("data: ".getBytes(StandardCharsets.US_ASCII), 0, event, 0, 6);
    System.arraycopy(error, 0, event, 6, error.length);
    event[event.length - 2] = '\n';
    event[event.length - 1] = '\n';
    return event;
  }
}
