package io.iir.config;

import java.util.Locale;

/** How a call to a provider says who calls. */
public enum AuthForm {
  /** The key as {@code Authorization: Bearer}, as OpenAI and most others want it. */
  BEARER,
  /** The key as {@code api-key}, as Azure OpenAI wants it. */
  API_KEY,
  /** The key as {@code x-api-key}, as Anthropic wants it. */
  X_API_KEY,
  /** The key as {@code x-goog-api-key}, as Google's Gemini API wants it. */
  X_GOOG_API_KEY,
  /**
   * A signature by AWS's Signature Version 4, with the credentials that AWS's own tools would find;
   * a key that is given is a key of Bedrock's and goes as {@link #BEARER}.
   */
  AWS,
  /**
   * An OAuth token of Google's Application Default Credentials; a key that is given goes as {@link
   * #X_GOOG_API_KEY}.
   */
  GOOGLE;

  /** What a provider of {@code protocol} usually wants. */
  public static AuthForm of(Protocol protocol) {
    return switch (protocol) {
      case OPENAI, SIM -> BEARER;
      case ANTHROPIC -> X_API_KEY;
      case GEMINI -> X_GOOG_API_KEY;
      case BEDROCK -> AWS;
    };
  }

  /** The form for a provider that has a key. */
  public AuthForm withKey() {
    return switch (this) {
      case AWS -> BEARER;
      case GOOGLE -> X_GOOG_API_KEY;
      default -> this;
    };
  }

  /** Whether it needs no key of its own: the machine's environment says who calls. */
  public boolean ambient() {
    return this == AWS || this == GOOGLE;
  }

  /** The name that operators read and write. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
