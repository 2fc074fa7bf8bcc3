package io.iir.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a model can do, in the order in which it is listed. */
public enum Capability {
  /** Continue a conversation. */
  CHAT,
  /** Look at images in a prompt. */
  IMAGES,
  /** Answer in JSON when told to. */
  JSON,
  /** Call tools. */
  TOOLS,
  /** Make vectors of texts. */
  EMBEDDINGS,
  /** Put documents in order by a query. */
  RERANK,
  /** Judge texts for harm. */
  MODERATION,
  /** Draw images. */
  IMAGE_GENERATION,
  /** Speak a text. */
  SPEECH,
  /** Write down what is said. */
  TRANSCRIPTION;

  /** What a model is for: one that does one of these does the others only if it is said to. */
  public static final Set<Capability> OPERATIONS =
      Collections.unmodifiableSet(
          EnumSet.of(
              CHAT, EMBEDDINGS, RERANK, MODERATION, IMAGE_GENERATION, SPEECH, TRANSCRIPTION));

  /** The name in lower case, as settings and clients write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
