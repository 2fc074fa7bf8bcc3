package io.iir.config;

import java.util.Locale;

/** What a model can do, in the order in which it is listed. */
public enum Capability {
  /** Continue a conversation. */
  CHAT,
  /** Look at images in a prompt. */
  IMAGES,
  /** Answer in JSON when told to. */
  JSON,
  /** Call tools. */
  TOOLS;

  /** The name in lower case, as settings and clients write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
