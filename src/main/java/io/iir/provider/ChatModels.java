package io.iir.provider;

import io.iir.config.Capability;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which listed models can chat. Lists mix in models that embed, speak, draw or moderate; where a
 * list does not say, well-known parts of their names do. Only sets such as {@code any} ask this: a
 * model that is named is called, whatever it is called.
 */
final class ChatModels {

  private static final Pattern OTHER =
      Pattern.compile(
          "embed|rerank|whisper|transcribe|\\btts\\b|-tts-|moderation|guard|dall-e|gpt-image|imagen"
              + "|\\bveo\\b|veo-|sora|stable-diffusion|flux|realtime|-audio|speech|babbage|davinci"
              + "|gpt-3\\.5-turbo-instruct|computer-use|\\bbge\\b|bge-|\\be5-|\\bocr\\b|-ocr|\\baqa\\b");

  private ChatModels() {}

  /** True unless {@code model} is known or named as one that cannot. */
  static boolean likely(Model model) {
    ModelFacts facts = model.facts();
    return facts.can().contains(Capability.CHAT)
        || (!facts.cannot().contains(Capability.CHAT) && !isOther(model.upstream()));
  }

  /** True if {@code name} tells that a model of that name does not chat. */
  static boolean isOther(String name) {
    return OTHER.matcher(name.toLowerCase(Locale.ROOT)).find();
  }
}
