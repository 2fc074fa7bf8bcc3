package io.iir.flow;

import io.iir.openai.ChatRequest;
import io.iir.openai.CompletionReplayer;

/** A whole answer as the stream that its client asked for. */
final class Replay {

  private Replay() {}

  static byte[] of(byte[] completion, ChatRequest request) {
    return request.includeUsage()
        ? CompletionReplayer.replayWithUsage(completion)
        : CompletionReplayer.replay(completion);
  }
}
