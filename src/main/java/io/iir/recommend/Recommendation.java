package io.iir.recommend;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model that a machine can run, and how.
 *
 * @param model the catalogue's id of it
 * @param quantization how its weights are kept, such as {@code Q4_K_M}
 * @param placement where they are kept
 * @param context tokens of prompt and answer for which there is room
 * @param bytes what it takes in all: weights, keys and values, and what the server needs besides
 * @param decodeTokensPerSecond how fast it answers one request, estimated
 * @param prefillTokensPerSecond how fast it reads a prompt, estimated; null: unknown
 * @param quality 0 to 1, less what the quantization costs; null: unknown
 * @param score what it is ranked by, 0 to 1
 * @param commands what starts it, by server ({@code llama.cpp, ollama, vllm}): a line for a shell
 * @param notes what is worth knowing, a sentence each
 */
public record Recommendation(
    String model,
    String quantization,
    Placement placement,
    int context,
    long bytes,
    double decodeTokensPerSecond,
    @Nullable Double prefillTokensPerSecond,
    @Nullable Double quality,
    double score,
    Map<String, String> commands,
    List<String> notes) {

  public Recommendation {
    commands = Map.copyOf(commands);
    notes = List.copyOf(notes);
  }

  /** Where a model's weights are kept. */
  public enum Placement {
    /** In the memory of one or more graphics processors. */
    GPU,
    /** In both. */
    SPLIT,
    /** In main memory. */
    CPU
  }
}
