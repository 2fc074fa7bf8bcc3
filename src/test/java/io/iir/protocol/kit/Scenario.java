package io.iir.protocol.kit;

import java.util.Locale;

/** What a {@link ProtocolFake} answers next. */
public enum Scenario {
  /** A short text; the stream of it, too. */
  CHAT(200),
  /** A call of {@code get_weather}. */
  TOOLS(200),
  /** The text that follows once the model has the tool's result. */
  TOOLS_ANSWERED(200),
  /** {@link #TOOLS}, and from then on {@link #TOOLS_ANSWERED}. */
  TOOL_ROUND(200),
  /** Two calls in one answer. */
  PARALLEL_TOOLS(200),
  /** A text about an image. */
  IMAGE(200),
  /** JSON as a schema wants it. */
  JSON_SCHEMA(200),
  /** A text that the model has thought about, with its thoughts. */
  REASONING(200),
  /** An answer that ends at the most tokens it may have. */
  LENGTH(200),
  /** The model, or what watches over it, refuses. */
  REFUSAL(200),
  /** A request that is wrong. */
  ERROR_400(400),
  /** A key that is wrong. */
  ERROR_401(401),
  /** Too many requests. */
  ERROR_429(429),
  /** A failure of the provider's. */
  ERROR_500(500),
  /** Too many requests of everyone's: whatever status the vendor has for it. */
  OVERLOADED(503),
  /** {@link Texts#UNICODE}, cut anywhere. */
  UNICODE(200),
  /** {@link Texts#large}, cut anywhere. */
  LARGE(200),
  /** The first pieces of a stream, and no more until the gateway leaves. */
  HANGING(200),
  /** A stream that fails after its first pieces, in the protocol's own way. */
  STREAM_ERROR(200),
  /** A stream that ends well for HTTP, before the protocol's end. */
  CUT(200);

  private final int status;

  Scenario(int status) {
    this.status = status;
  }

  /** The usual HTTP status of the answer. */
  public int status() {
    return status;
  }

  /** The name in lower case with hyphens: that of the files with the answer. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
