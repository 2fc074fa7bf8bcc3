package io.iir.protocol.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The tokens of an answer. A stream tells them several times, each time the sums so far. One an
 * answer.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/prompt-caching">Anthropic
 *     counts cached tokens besides the input, OpenAI counts them in it</a>
 */
final class MessageUsage {

  private static final String INPUT = "input_tokens";
  private static final String READ = "cache_read_input_tokens";
  private static final String WRITTEN = "cache_creation_input_tokens";
  private static final String OUTPUT = "output_tokens";
  private static final String THOUGHT = "thinking_tokens";

  private final Map<String, Long> counts = new LinkedHashMap<>();

  /** Notes what {@code usage} tells. */
  void add(JsonNode usage) {
    for (String name : new String[] {INPUT, READ, WRITTEN, OUTPUT}) {
      note(name, usage.path(name));
    }
    note(THOUGHT, usage.path("output_tokens_details").path(THOUGHT));
  }

  private void note(String name, JsonNode count) {
    if (count.canConvertToLong() && count.asLong() >= 0) {
      counts.put(name, count.asLong());
    }
  }

  /** Whether nothing was told. */
  boolean isEmpty() {
    return counts.isEmpty();
  }

  private long count(String name) {
    return counts.getOrDefault(name, 0L);
  }

  /** The same in OpenAI's form. */
  ObjectNode toOpenAi() {
    long prompt = count(INPUT) + count(READ) + count(WRITTEN);
    ObjectNode usage =
        JsonNodeFactory.instance
            .objectNode()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", count(OUTPUT))
            .put("total_tokens", prompt + count(OUTPUT));
    usage
        .putObject("prompt_tokens_details")
        .put("cached_tokens", count(READ))
        .put("cache_write_tokens", count(WRITTEN));
    usage.putObject("completion_tokens_details").put("reasoning_tokens", count(THOUGHT));
    return usage;
  }
}
