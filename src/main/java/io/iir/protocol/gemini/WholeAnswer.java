package io.iir.protocol.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An answer of {@code generateContent} as a chat completion. */
final class WholeAnswer {

  private WholeAnswer() {}

  /**
   * The completion.
   *
   * @throws IllegalArgumentException if {@code answer} has neither a candidate nor the reason why
   */
  static ObjectNode completion(JsonNode answer, String model) {
    ArrayNode choices = Trees.array();
    CallIds ids = new CallIds();
    for (JsonNode candidate : answer.path("candidates")) {
      choices.add(choice(candidate, choices.size(), new Candidate(ids)));
    }
    Ending blocked = Ending.ofPrompt(answer);
    if (choices.isEmpty() && blocked != null) {
      choices.add(choice(Trees.object(), 0, blocked, null));
    }
    if (choices.isEmpty()) {
      throw new IllegalArgumentException(
          "it has neither candidates nor a reason why the prompt was blocked");
    }
    ObjectNode completion = new Envelope(model).around("chat.completion", answer, choices);
    ObjectNode usage = GeminiUsage.of(answer.path("usageMetadata"));
    if (usage != null) {
      completion.set("usage", usage);
    }
    return completion;
  }

  private static ObjectNode choice(JsonNode candidate, int place, Candidate reader) {
    ObjectNode said = reader.read(candidate);
    for (JsonNode call : said.path("tool_calls")) {
      ((ObjectNode) call).remove("index");
    }
    Ending ending = reader.ending(candidate);
    if (ending != null && ending.failure() != null) {
      throw new IllegalArgumentException(ending.failure());
    }
    return choice(said, candidate.path("index").asInt(place), ending, Logprobs.of(candidate));
  }

  private static ObjectNode choice(
      ObjectNode said, int index, @Nullable Ending ending, @Nullable ObjectNode logprobs) {
    ObjectNode message = Trees.object().put("role", "assistant");
    boolean silent = ending != null && (ending.refusal() != null || said.has("tool_calls"));
    message.put("content", silent ? null : "");
    message.put("refusal", ending == null ? null : ending.refusal());
    message.setAll(said);
    ObjectNode choice = Trees.object().put("index", index);
    choice.set("message", message);
    choice.set("logprobs", logprobs);
    return choice.put("finish_reason", ending == null ? "stop" : ending.finishReason());
  }
}
