package io.iir.provider;

import io.iir.openai.Operation;
import java.util.List;

/**
 * What a request needs of a model that is to answer it. Immutable.
 *
 * @param operation what is to be done
 * @param promptTokens tokens of the prompt
 * @param maxTokens the most tokens that its answer may have; 0: not said
 * @param tools whether it offers tools
 * @param images whether it has images
 * @param json whether the answer is to be JSON
 * @param dice 0 to 99, always the same for the same user
 * @param allowed the models that its key may use
 */
public record Needs(
    Operation operation,
    int promptTokens,
    int maxTokens,
    boolean tools,
    boolean images,
    boolean json,
    int dice,
    List<ModelPattern> allowed) {

  /** A request that needs nothing in particular, of someone who may use all models. */
  public static final Needs NOTHING =
      new Needs(Operation.CHAT, 0, 0, false, false, false, 50, List.of(ModelPattern.ALL));

  public Needs {
    allowed = List.copyOf(allowed);
  }

  /** The same of someone who may use {@code others}. */
  public Needs allowing(List<ModelPattern> others) {
    return new Needs(operation, promptTokens, maxTokens, tools, images, json, dice, others);
  }

  /** Tokens of prompt and answer together, as far as they are known. */
  long tokens() {
    return (long) promptTokens + maxTokens;
  }
}
