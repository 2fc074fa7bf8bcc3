package io.iir.provider;

import io.iir.config.Capability;
import io.iir.openai.Operation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which listed models do which {@link Operation}. Lists mix models that chat, embed, speak, draw
 * and moderate; where a list does not say, well-known parts of their names do. Only sets such as
 * {@code any} ask the names: a model that is named is called, whatever it is called.
 */
final class OperationModels {

  /** What names of models for an operation have in them; the first that fits counts. */
  private static final Map<Operation, Pattern> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put(Operation.RERANK, Pattern.compile("rerank"));
    NAMES.put(Operation.MODERATION, Pattern.compile("moderation|guard"));
    NAMES.put(Operation.EMBEDDINGS, Pattern.compile("embed|\\bbge\\b|bge-|\\be5-"));
    NAMES.put(Operation.IMAGE, Pattern.compile("dall-e|gpt-image|imagen|stable-diffusion|flux"));
    NAMES.put(Operation.SPEECH, Pattern.compile("\\btts\\b|-tts-"));
    NAMES.put(Operation.TRANSCRIPTION, Pattern.compile("whisper|transcribe"));
  }

  /** Names of models for something that is no operation here. */
  private static final Pattern OTHER =
      Pattern.compile(
          "\\bveo\\b|veo-|sora|realtime|-audio|speech|babbage|davinci"
              + "|gpt-3\\.5-turbo-instruct|computer-use|\\bocr\\b|-ocr|\\baqa\\b");

  private OperationModels() {}

  /**
   * Those of {@code models} for {@code operation}, in their order. To chat are all that are neither
   * known nor named as something else. For other operations there are those that are known or named
   * as such; only if there are none, those of which it is open.
   */
  static List<Model> likely(List<Model> models, Operation operation) {
    if (operation == Operation.CHAT) {
      return models.stream().filter(OperationModels::chats).toList();
    }
    List<Model> sure = models.stream().filter(model -> does(model, operation)).toList();
    return sure.isEmpty()
        ? models.stream().filter(model -> mayDo(model, operation)).toList()
        : sure;
  }

  /** True if {@code name} tells that a model of that name does not chat. */
  static boolean isOther(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return named(lower) != Operation.CHAT || OTHER.matcher(lower).find();
  }

  /** Whether a model of these {@code facts} is known not to do {@code operation}. */
  static boolean isKnownForOthers(ModelFacts facts, Operation operation) {
    Capability wanted = capability(operation);
    if (facts.can().contains(wanted)) {
      return false;
    }
    return facts.cannot().contains(wanted)
        || (!facts.can().isEmpty() && !Collections.disjoint(facts.can(), Capability.OPERATIONS));
  }

  private static boolean chats(Model model) {
    return model.facts().can().contains(Capability.CHAT)
        || (!isKnownForOthers(model.facts(), Operation.CHAT) && !isOther(model.upstream()));
  }

  private static boolean does(Model model, Operation operation) {
    return model.facts().can().contains(capability(operation))
        || (!isKnownForOthers(model.facts(), operation)
            && named(model.upstream().toLowerCase(Locale.ROOT)) == operation);
  }

  private static boolean mayDo(Model model, Operation operation) {
    return !isKnownForOthers(model.facts(), operation) && !isOther(model.upstream());
  }

  /** The operation that a name tells; to chat if it tells none. */
  private static Operation named(String lower) {
    for (Map.Entry<Operation, Pattern> each : NAMES.entrySet()) {
      if (each.getValue().matcher(lower).find()) {
        return each.getKey();
      }
    }
    return Operation.CHAT;
  }

  /** What a model must be able to do for {@code operation}. */
  static Capability capability(Operation operation) {
    return switch (operation) {
      case CHAT -> Capability.CHAT;
      case EMBEDDINGS -> Capability.EMBEDDINGS;
      case RERANK -> Capability.RERANK;
      case MODERATION -> Capability.MODERATION;
      case IMAGE -> Capability.IMAGE_GENERATION;
      case SPEECH -> Capability.SPEECH;
      case TRANSCRIPTION -> Capability.TRANSCRIPTION;
    };
  }
}
