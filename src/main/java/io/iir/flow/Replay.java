package io.iir.flow;

import io.iir.openai.CompletionReplayer;
import io.iir.openai.ModelRequest;

/** A whole answer as the stream that its client asked for. */
final class Replay {

  private Replay() {}

  static byte[] of(byte[] completion, ModelRequest request) {
    return request.includeUsage()
        ? CompletionReplayer.replayWithUsage(completion)
        : CompletionReplayer.replay(completion);
  }
}
