package io.iir.api.messages;

import io.iir.openai.ApiException;
import org.jspecify.annotations.Nullable;

/** What a request has that no protocol but Anthropic's can carry: the first such place is told. */
final class OnlyAnthropic {

  private @Nullable ApiException first;

  /** Notes that only Anthropic understands {@code what} at {@code place}. */
  void note(At place, String what) {
    if (first == null) {
      first =
          place.wrong(
              "is %s, which only a provider of Anthropic's protocol understands: leave it out, or name a model of such a provider"
                  .formatted(what));
    }
  }

  /** What other providers' clients are told; null: there is no such thing. */
  @Nullable ApiException refusal() {
    return first;
  }
}
